package ovation;

import static ovation.JsonRecord.require;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;

/**
 * Reads records of the topic `votes`, by the rules of contracts/schemas/votes.v1.json and in one pass over the bytes. A
 * vote that breaks one of them is stepped over; the others of its record are read.
 *
 * <p>Not for use by several threads.
 */
final class VoteRecordReader {
    private static final int MOST_VOTES = 500;
    private static final byte[] NOT_SAID = {};

    private final Texts ids = new Texts(Texts::isId);
    private final Texts edges = new Texts(Texts::isEdge);
    private final VoteReader reader = new VoteReader();
    private final List<RowData> votes = new ArrayList<>(MOST_VOTES);
    /** As far as the record has been read. */
    private byte[] region;

    private boolean areAllValid;

    /** Returns the valid votes of a record, until the next is read; none where it is no JSON, or breaks a rule itself. */
    List<RowData> read(byte[] value) {
        votes.clear();
        areAllValid = false;
        try (JsonRecord json = new JsonRecord(value)) {
            record(json);
        } catch (IOException invalid) {
            votes.clear();
            areAllValid = false;
        }
        return votes;
    }

    /** Returns whether a record is valid, with every vote in it. */
    boolean isValid(byte[] value) {
        read(value);
        return areAllValid;
    }

    private void record(JsonRecord json) throws IOException {
        long version = 0;
        byte[] votesRegion = NOT_SAID;
        region = NOT_SAID;
        boolean hasEdge = false;
        json.object();
        for (String field = json.field(); field != null; field = json.field()) {
            switch (field) {
                case "v" -> version = json.number(1, 1);
                case "region" -> region = json.text(ids).toBytes();
                case "edge" -> hasEdge = json.text(edges) != null;
                case "votes" -> {
                    votesRegion = region;
                    votes(json);
                }
                default -> json.skip();
            }
        }
        json.end();
        require(version == 1 && region != NOT_SAID && hasEdge);
        if (votesRegion != region) {
            votes.forEach(vote -> takeIn(region, (GenericRowData) vote));
        }
    }

    /** Says of a vote which region took it, where its record says so only behind its votes. */
    private static void takeIn(byte[] region, GenericRowData vote) {
        int last = vote.getArity() - 1;
        vote.setField(last, Vote.in(region, (byte[]) vote.getField(last)));
    }

    private void votes(JsonRecord json) throws IOException {
        votes.clear();
        areAllValid = true;
        int size = 0;
        json.array();
        for (Boolean isObject = json.nextIsObject(); isObject != null; isObject = json.nextIsObject()) {
            RowData vote = isObject ? reader.read(json, region) : null;
            require(++size <= MOST_VOTES);
            if (vote == null) {
                areAllValid = false;
            } else {
                votes.add(vote);
            }
        }
        require(size > 0);
    }
}
