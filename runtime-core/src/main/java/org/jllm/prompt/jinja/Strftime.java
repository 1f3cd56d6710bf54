package org.jllm.prompt.jinja;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** {@code strftime} in the C locale; {@code %-d} and the like drop leading zeros, as glibc has it. */
final class Strftime {
    private Strftime() {}

    static String format(String format, ZonedDateTime time) {
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < format.length()) {
            char c = format.charAt(i++);
            if (c != '%' || i == format.length()) {
                out.append(c);
                continue;
            }
            boolean plain = format.charAt(i) == '-' && i + 1 < format.length();
            char directive = format.charAt(plain ? i + 1 : i);
            i += plain ? 2 : 1;
            String shown = directive(directive, time);
            out.append(plain ? shown.replaceFirst("^[0 ]+(?=\\d)", "") : shown);
        }
        return out.toString();
    }

    private static String directive(char directive, ZonedDateTime time) {
        String pattern = switch (directive) {
            case 'Y' -> "uuuu";
            case 'y' -> "uu";
            case 'm' -> "MM";
            case 'd' -> "dd";
            case 'e' -> "ppd";
            case 'H' -> "HH";
            case 'I' -> "hh";
            case 'M' -> "mm";
            case 'S' -> "ss";
            case 'f' -> "SSSSSS";
            case 'p' -> "a";
            case 'j' -> "DDD";
            case 'a' -> "EEE";
            case 'A' -> "EEEE";
            case 'b', 'h' -> "MMM";
            case 'B' -> "MMMM";
            case 'D', 'x' -> "MM/dd/uu";
            case 'F' -> "uuuu-MM-dd";
            case 'T', 'X' -> "HH:mm:ss";
            case 'R' -> "HH:mm";
            case 'c' -> "EEE MMM ppd HH:mm:ss uuuu";
            default -> "";
        };
        if (!pattern.isEmpty()) {
            return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
        }
        int week = time.get(ChronoField.DAY_OF_YEAR) + 6;
        return switch (directive) {
            case '%' -> "%";
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'u' -> String.valueOf(time.getDayOfWeek().getValue());
            case 'w' -> String.valueOf(time.getDayOfWeek().getValue() % 7);
            case 'U' -> "%02d".formatted((week - time.getDayOfWeek().getValue() % 7) / 7);
            case 'W' -> "%02d".formatted((week - (time.getDayOfWeek().getValue() + 6) % 7) / 7);
            // datetime.now() has no zone.
            case 'z', 'Z' -> "";
            default -> "%" + directive;
        };
    }
}
