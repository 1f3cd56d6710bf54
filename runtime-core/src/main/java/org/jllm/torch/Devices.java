package org.jllm.torch;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jllm.api.EngineException;
import org.jllm.api.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/** The device that a setting names, as libtorch writes it. */
final class Devices {
    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");

    private Devices() {}

    static String check(@Nullable String device, LibTorch torch) {
        if (device == null || device.equals("cpu")) {
            return "cpu";
        }
        Matcher cuda = CUDA.matcher(device);
        if (!cuda.matches()) {
            throw new InvalidRequestException("unknown device '" + device + "': use cpu or cuda:N");
        }
        int number = cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1));
        int devices = torch.cudaDevices();
        if (number >= devices) {
            throw new EngineException("device '" + device + "' is not there: libtorch " + torch.version() + " sees "
                    + devices + " CUDA devices (docs/gpu.md says how to get a libtorch with CUDA)");
        }
        return "cuda:" + number;
    }
}
