package ovation;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Texts that come again and again, as the stream ids and emojis of records: checked and encoded when they are first seen.
 *
 * <p>Not for use by several threads.
 */
final class Texts {
    /** Beyond this it is emptied: a topic full of texts that never come again does not fill the memory. */
    private static final int MOST = 16_384;

    private final Predicate<String> valid;
    private final Map<String, byte[]> known = new HashMap<>();

    Texts(Predicate<String> valid) {
        this.valid = valid;
    }

    /** Returns the text in UTF-8, always the same array while it is remembered, or null where it is not valid. */
    byte[] of(String text) {
        byte[] found = known.get(text);
        if (found == null && valid.test(text)) {
            found = text.getBytes(StandardCharsets.UTF_8);
            if (known.size() == MOST) {
                known.clear();
            }
            known.put(text, found);
        }
        return found;
    }

    /** Whether a text is an id of `contracts.limits.ID_PATTERN`. */
    static boolean isId(String text) {
        if (text.isEmpty() || text.length() > 64) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char one = text.charAt(i);
            if (!isWord(one) && (i == 0 || one != '_' && one != '-')) {
                return false;
            }
        }
        return true;
    }

    /** Whether a character is a letter or a digit of ASCII. */
    static boolean isWord(char one) {
        return one >= 'a' && one <= 'z' || one >= 'A' && one <= 'Z' || one >= '0' && one <= '9';
    }

    /** Whether a text may stand for an emoji: 1 to 16 code points, without those that would need to be escaped. */
    static boolean isEmoji(String text) {
        int length = text.codePointCount(0, text.length());
        return length >= 1 && length <= 16 && text.codePoints().allMatch(Texts::isPlain);
    }

    /** Whether a text may name a gateway: 1 to 128 code points. */
    static boolean isEdge(String text) {
        int length = text.codePointCount(0, text.length());
        return length >= 1 && length <= 128;
    }

    /** Whether a text is a second of a video, as a number without needless zeros. */
    static boolean isSecond(String text) {
        boolean number = !text.isEmpty() && text.length() <= 6 && text.chars().allMatch(one -> one >= '0' && one <= '9');
        return number && (text.length() == 1 || text.charAt(0) != '0');
    }

    private static boolean isPlain(int one) {
        boolean half = one >= Character.MIN_SURROGATE && one <= Character.MAX_SURROGATE;
        return one > 0x1f && one != '"' && one != '\\' && one != 0xfffd && !half;
    }
}
