package ovation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A vote as it goes to the ballots: one array of bytes, which costs less on its way than ten columns.
 *
 * <p>It begins with an entry: the receipt, the position in the video, the choices. Entries compare as unsigned bytes, and so
 * by their receipts, which sort by time. It ends with the name of the region that took it.
 */
final class Vote {
    static final int RECEIPT = 26;
    static final int ENTRY = RECEIPT + Integer.BYTES + Long.BYTES;

    private static final int AT = ENTRY;
    private static final int OPTIONS = AT + Long.BYTES;
    private static final int CHANGES = OPTIONS + 1;
    private static final int VERDICT = CHANGES + 1;
    private static final int REGION = VERDICT + 1;

    /** What the rules say of a vote by itself. */
    static final byte INVALID = 0;

    static final byte INELIGIBLE = 1;
    static final byte LATE = 2;
    static final byte TAKEN = 3;

    private Vote() {}

    /** Returns the bytes of a vote. `playbackMs` is -1 where nobody said it. */
    static byte[] encode(
            String receipt,
            int playbackMs,
            long choices,
            long at,
            int options,
            boolean mayChange,
            byte verdict,
            byte[] region) {
        byte[] vote = new byte[REGION + region.length];
        System.arraycopy(receipt.getBytes(StandardCharsets.ISO_8859_1), 0, vote, 0, RECEIPT);
        ByteBuffer.wrap(vote)
                .putInt(RECEIPT, playbackMs + 1)
                .putLong(RECEIPT + Integer.BYTES, choices)
                .putLong(AT, at)
                .put(OPTIONS, (byte) options)
                .put(CHANGES, (byte) (mayChange ? 1 : 0))
                .put(VERDICT, verdict)
                .put(REGION, region);
        return vote;
    }

    /** Returns the same vote, taken in another region. */
    static byte[] in(byte[] region, byte[] vote) {
        byte[] there = Arrays.copyOf(vote, REGION + region.length);
        System.arraycopy(region, 0, there, REGION, region.length);
        return there;
    }

    static byte[] region(byte[] vote) {
        return Arrays.copyOfRange(vote, REGION, vote.length);
    }

    static byte[] entry(byte[] vote) {
        return Arrays.copyOf(vote, ENTRY);
    }

    static long at(byte[] vote) {
        return ByteBuffer.wrap(vote).getLong(AT);
    }

    static int options(byte[] vote) {
        return vote[OPTIONS];
    }

    static boolean mayChange(byte[] vote) {
        return vote[CHANGES] == 1;
    }

    static byte verdict(byte[] vote) {
        return vote[VERDICT];
    }

    /** Returns the position of an entry, or -1. */
    static long playbackMs(byte[] entry) {
        return ByteBuffer.wrap(entry).getInt(RECEIPT) - 1;
    }

    static long choices(byte[] entry) {
        return ByteBuffer.wrap(entry).getLong(RECEIPT + Integer.BYTES);
    }

    /** Returns the later of two entries; either may be null. */
    static byte[] later(byte[] one, byte[] other) {
        return one == null || other != null && compare(one, other) < 0 ? other : one;
    }

    /** Returns the earlier of two entries; either may be null. */
    static byte[] earlier(byte[] one, byte[] other) {
        return one == null || other != null && compare(one, other) > 0 ? other : one;
    }

    private static int compare(byte[] one, byte[] other) {
        return Arrays.compareUnsigned(one, 0, ENTRY, other, 0, ENTRY);
    }
}
