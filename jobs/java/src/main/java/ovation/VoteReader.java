package ovation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;

/**
 * Reads one vote of a record, by the rules of contracts/schemas/votes.v1.json, and judges it by the rules of its poll,
 * which travel with it.
 *
 * <p>Not for use by several threads.
 */
final class VoteReader {
    private static final long EARLIEST = 1_000_000_000_000L;
    private static final long LATEST = 9_999_999_999_999L;
    private static final int MOST_OPTIONS = 50;
    private static final long MOST_CHOICES = (1L << MOST_OPTIONS) - 1;
    private static final long LONGEST_VIDEO_MS = 604_800_000;
    private static final int VOTER = 22;
    private static final int BUCKETS = 16;
    /** A number that no field may have. */
    private static final long BAD = Long.MIN_VALUE;
    /** Of a poll without a deadline. */
    private static final long NEVER = Long.MAX_VALUE;

    private static final long NOT_SAID = -1;

    private final Texts ids = new Texts(Texts::isId);

    /**
     * Returns the columns of the vote whose object has begun, as {@link VoteRecords} names them; null if it is invalid. The
     * region is that of its record, as far as it is known.
     */
    GenericRowData read(JsonRecord json, byte[] region) throws IOException {
        byte[] streamId = null;
        byte[] pollId = null;
        String voter = null;
        String receipt = null;
        long at = BAD;
        long choices = BAD;
        long options = BAD;
        long maxChoices = BAD;
        Boolean mayChange = null;
        Boolean mayWithdraw = null;
        Boolean eligible = null;
        long deadline = BAD;
        long playbackMs = NOT_SAID;
        for (String field = json.field(); field != null; field = json.field()) {
            switch (field) {
                case "stream_id" -> streamId = id(json);
                case "poll_id" -> pollId = id(json);
                case "voter" -> voter = json.textOrNull();
                case "receipt" -> receipt = json.textOrNull();
                case "at" -> at = json.numberOr(EARLIEST, LATEST, BAD);
                case "choices" -> choices = json.numberOr(0, MOST_CHOICES, BAD);
                case "options" -> options = json.numberOr(2, MOST_OPTIONS, BAD);
                case "max_choices" -> maxChoices = json.numberOr(1, MOST_OPTIONS, BAD);
                case "allow_change" -> mayChange = json.flagOrNull();
                case "allow_withdraw" -> mayWithdraw = json.flagOrNull();
                case "eligible" -> eligible = json.flagOrNull();
                case "deadline" -> deadline = json.numberOrNull(EARLIEST, LATEST, NEVER, BAD);
                case "playback_ms" -> playbackMs = json.numberOr(0, LONGEST_VIDEO_MS, BAD);
                default -> json.skip();
            }
        }
        boolean isWhole = streamId != null && pollId != null && at != BAD && choices != BAD && options != BAD
                && maxChoices != BAD && mayChange != null && mayWithdraw != null && eligible != null && deadline != BAD
                && playbackMs != BAD;
        if (!isWhole || !isVoter(voter) || !isReceipt(receipt)) {
            return null;
        }
        byte verdict = verdict(choices, (int) options, maxChoices, mayWithdraw, eligible, at > deadline);
        return GenericRowData.of(
                StringData.fromBytes(streamId),
                StringData.fromBytes(pollId),
                bucket(voter.charAt(0)),
                StringData.fromBytes(voter.getBytes(StandardCharsets.ISO_8859_1)),
                at,
                Vote.encode(receipt, (int) playbackMs, choices, at, (int) options, mayChange, verdict, region));
    }

    private byte[] id(JsonRecord json) throws IOException {
        String text = json.textOrNull();
        return text == null ? null : ids.of(text);
    }

    private static byte verdict(
            long choices, int options, long maxChoices, boolean mayWithdraw, boolean eligible, boolean late) {
        boolean tooMany = Long.bitCount(choices) > maxChoices;
        if (choices >> options != 0 || tooMany || choices == 0 && !mayWithdraw) {
            return Vote.INVALID;
        }
        if (!eligible) {
            return Vote.INELIGIBLE;
        }
        return late ? Vote.LATE : Vote.TAKEN;
    }

    /** Returns the place of a character in base64url, modulo the buckets (contracts.buckets). */
    private static int bucket(char first) {
        int place;
        if (first >= 'a') {
            place = first - 'a' + 26;
        } else if (first == '_') {
            place = 63;
        } else if (first >= 'A') {
            place = first - 'A';
        } else if (first >= '0') {
            place = first - '0' + 52;
        } else {
            place = 62;
        }
        return place % BUCKETS;
    }

    private static boolean isVoter(String text) {
        if (text == null || text.length() != VOTER) {
            return false;
        }
        for (int i = 0; i < VOTER; i++) {
            char one = text.charAt(i);
            if (!Texts.isWord(one) && one != '-' && one != '_') {
                return false;
            }
        }
        return true;
    }

    /** Whether a text is 26 characters of Crockford's base 32. */
    private static boolean isReceipt(String text) {
        if (text == null || text.length() != Vote.RECEIPT) {
            return false;
        }
        for (int i = 0; i < Vote.RECEIPT; i++) {
            char one = text.charAt(i);
            boolean letter = one >= 'A' && one <= 'Z' && one != 'I' && one != 'L' && one != 'O' && one != 'U';
            if (!letter && (one < '0' || one > '9')) {
                return false;
            }
        }
        return true;
    }
}
