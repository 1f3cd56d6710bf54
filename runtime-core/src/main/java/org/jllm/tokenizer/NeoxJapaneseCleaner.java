package org.jllm.tokenizer;

import java.util.regex.Pattern;

/** Replaces addresses, numbers, dates and prices by tokens: {@code do_clean_text} of GPT-NeoX Japanese. */
final class NeoxJapaneseCleaner {
    private static final Pattern URL = Pattern.compile("(?:https?|ftp)://[-_.!~*'()a-zA-Z0-9;/?:@&=+$,%#]+");
    /** Looked for only where its first part can begin, so that long words are read once. */
    private static final Pattern EMAIL =
            Pattern.compile("(?:(?<![A-Za-z0-9._+])|\\G)[A-Za-z0-9._+]*+@[-_0-9A-Za-z]++(?:\\.[A-Za-z]++)*+");

    private static final String DIGIT = "\\p{Nd}";
    private static final Pattern TELEPHONE = Pattern.compile("\\(?[0-9]{2,4}[)(-]?[0-9]{2,4}[)-]?[0-9]{3,4}");
    private static final String DAY = "(?:0?[1-9]|[12][0-9]|3[01])";
    private static final String MONTH = "(?:0?[1-9]|1[0-2])";
    private static final String TIME = "(?:" + DIGIT + "{1,2}|:|" + DIGIT + "{1,2}時|" + DIGIT
            + "{1,2}分|\\(日\\)|\\(月\\)|\\(火\\)|\\(水\\)|\\(木\\)|\\(金\\)|\\(土\\)|㈰|㈪|㈫|㈬|㈭|㈮|㈯)*+";
    private static final Pattern DATE =
            Pattern.compile("(?:[12]" + DIGIT + "{3}[/年-])*+" + MONTH + "[/月-](?:" + DAY + "日?)*+" + TIME);
    private static final Pattern JAPANESE_DATE =
            Pattern.compile("(?:明治|大正|昭和|平成|令和|㍾|㍽|㍼|㍻|\u32FF)" + DIGIT + "{1,2}年" + MONTH + "月" + DAY + "日" + TIME);
    /** Lines and blocks of tables. */
    private static final Pattern BLOCKS = Pattern.compile("(?:[─-╿▀-▟]|<BLOCK>)++");

    private NeoxJapaneseCleaner() {}

    static String clean(String text) {
        String result = URL.matcher(text).replaceAll("<URL>");
        result = EMAIL.matcher(result).replaceAll("<EMAIL>");
        result = TELEPHONE.matcher(result).replaceAll("<TEL>");
        result = DATE.matcher(result).replaceAll("<DATE>");
        result = JAPANESE_DATE.matcher(result).replaceAll("<DATE>");
        result = Prices.replace(result, "<PRICE>");
        return BLOCKS.matcher(result).replaceAll("<BLOCK>");
    }
}
