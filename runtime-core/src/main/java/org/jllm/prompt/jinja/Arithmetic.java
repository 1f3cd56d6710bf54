package org.jllm.prompt.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's operators on numbers, strings and lists. Integers beyond 64 bits are an error. */
final class Arithmetic {
    private final Budget budget;
    private final PercentFormat percent;

    Arithmetic(Budget budget, Printer printer) {
        this.budget = budget;
        percent = new PercentFormat(printer);
    }

    Object unary(String operator, Object value) {
        Number number = Values.number(Values.defined(value));
        if (number == null) {
            throw JinjaException.runtime("bad operand type for unary " + operator + ": '" + Values.type(value) + "'");
        } else if (operator.equals("+")) {
            return number;
        }
        return number instanceof Long ? (Object) exact("-", 0, number.longValue()) : (Object) (-number.doubleValue());
    }

    Object binary(String operator, Object left, Object right) {
        Number first = Values.number(left);
        Number second = Values.number(right);
        if (first != null && second != null) {
            return first instanceof Long && second instanceof Long && !operator.equals("/")
                    ? integers(operator, first.longValue(), second.longValue())
                    : reals(operator, first.doubleValue(), second.doubleValue());
        } else if (operator.equals("+") && left instanceof Text a && right instanceof Text b) {
            budget.chars((long) a.length() + b.length());
            return new TextBuilder().append(a).append(b).toText();
        } else if (operator.equals("+")
                && left instanceof Sequence a
                && right instanceof Sequence b
                && a.type() == b.type()
                && a.type() != Sequence.Type.RANGE) {
            budget.spend((long) a.size() + b.size());
            List<Object> both = new ArrayList<>(a);
            both.addAll(b);
            return a.with(both);
        } else if (operator.equals("*") && second instanceof Long count) {
            return repeat(left, count, right);
        } else if (operator.equals("*") && first instanceof Long count) {
            return repeat(right, count, left);
        } else if (operator.equals("%") && left instanceof Text format) {
            return percent.format(format, Values.defined(right));
        }
        throw Values.typeError(operator, left, right);
    }

    private Object repeat(Object value, long count, Object other) {
        long times = Math.max(0, count);
        if (value instanceof Text text) {
            budget.chars(Math.multiplyExact(Math.min(times, 1L << 30), text.length() + 1L));
            TextBuilder repeated = new TextBuilder();
            for (long i = 0; i < times; i++) {
                repeated.append(text);
            }
            return repeated.toText();
        } else if (value instanceof Sequence sequence && sequence.type() != Sequence.Type.RANGE) {
            budget.spend(Math.multiplyExact(Math.min(times, 1L << 30), sequence.size() + 1L));
            List<Object> repeated = new ArrayList<>();
            for (long i = 0; i < times; i++) {
                repeated.addAll(sequence);
            }
            return sequence.with(repeated);
        }
        throw Values.typeError("*", value, other);
    }

    private static Object integers(String operator, long left, long right) {
        switch (operator) {
            case "//", "%":
                if (right == 0) {
                    throw JinjaException.runtime("integer modulo by zero");
                }
                return operator.equals("%") ? Math.floorMod(left, right) : (Object) Math.floorDiv(left, right);
            case "**":
                if (right < 0) {
                    return reals(operator, left, right);
                }
                long power = 1;
                // Any base but these overflows before the 64th step.
                long exponent = left == 0 || left == 1 ? Math.min(right, 1) : left == -1 ? right % 2 : right;
                for (long i = 0; i < exponent; i++) {
                    power = exact("*", power, left);
                }
                return power;
            default:
                return exact(operator, left, right);
        }
    }

    private static long exact(String operator, long left, long right) {
        try {
            return switch (operator) {
                case "+" -> Math.addExact(left, right);
                case "-" -> Math.subtractExact(left, right);
                default -> Math.multiplyExact(left, right);
            };
        } catch (ArithmeticException e) {
            throw JinjaException.limit("the chat template computes an integer of more than 64 bits");
        }
    }

    private static Object reals(String operator, double left, double right) {
        if (right == 0 && (operator.startsWith("/") || operator.equals("%"))) {
            throw JinjaException.runtime("division by zero");
        }
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "//" -> Math.floor(left / right);
            case "**" -> Math.pow(left, right);
            default -> {
                double rest = left % right;
                yield rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest;
            }
        };
    }
}
