package org.jllm.prompt.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Jinja's {@code round}. */
final class Rounding {
    private Rounding() {}

    static Object round(Interpreter in, Object value, Arguments arguments) {
        arguments.allow("round", "precision", "method");
        Number number = Values.number(Values.defined(value));
        int precision = (int) Math.max(-400, Math.min(400, arguments.integer(0, "precision", 0)));
        if (number == null) {
            throw JinjaException.runtime("type " + Values.type(value) + " cannot be rounded");
        }
        double real = number.doubleValue();
        String method =
                Values.asText(arguments.get(1, "method", Text.of("common"))).toString();
        double scale = Math.pow(10, precision);
        return switch (method) {
            case "ceil" -> Math.ceil(real * scale) / scale;
            case "floor" -> Math.floor(real * scale) / scale;
            case "common" -> {
                if (number instanceof Long) {
                    yield precision >= 0
                            ? number
                            : (Object) decimal(BigDecimal.valueOf(number.longValue()), precision)
                                    .longValue();
                }
                yield Double.isFinite(real)
                        ? decimal(new BigDecimal(real), precision).doubleValue()
                        : real;
            }
            default -> throw JinjaException.runtime("method must be common, ceil or floor");
        };
    }

    private static BigDecimal decimal(BigDecimal exact, int precision) {
        return exact.setScale(precision, RoundingMode.HALF_EVEN);
    }
}
