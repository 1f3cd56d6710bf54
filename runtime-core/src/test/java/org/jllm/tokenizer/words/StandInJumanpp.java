package org.jllm.tokenizer.words;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A program that answers like Juman++: two characters are a word. On 死 it ends, on 眠 it says nothing any more. */
public final class StandInJumanpp {
    private StandInJumanpp() {}

    /** The analyser over it. */
    public static Analyser analyser() {
        return new JumanppAnalyser(command());
    }

    static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StandInJumanpp.class.getName());
    }

    /** Reads lines until there are no more. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int count = 0;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("# ")) {
                continue;
            }
            count++;
            if (line.contains("死")) {
                System.exit(1);
            }
            if (line.contains("眠")) {
                while (in.readLine() != null) {
                    continue;
                }
                return;
            }
            for (int i = 0; i < line.length(); ) {
                if (line.charAt(i) == ' ') {
                    out.println("\\  \\  \\  特殊 1 空白 6 * 0 * 0 \"元半角 代表表記:S/*\"");
                    i++;
                    continue;
                }
                int end = line.charAt(i) == '@' ? i + 1 : Math.min(line.length(), i + 2);
                String word = line.substring(i, end);
                out.println(word + " よみ " + word + " 名詞 6 普通名詞 1 * 0 * 0 NIL");
                out.println("@ " + word + " よみ2 " + word + " 名詞 6 普通名詞 1 * 0 * 0 NIL");
                i = end;
            }
            if (line.equals("何番")) {
                out.println(count + " x " + count + " 名詞 6 数詞 7 * 0 * 0 NIL");
            }
            out.println("EOS");
            out.flush();
        }
    }
}
