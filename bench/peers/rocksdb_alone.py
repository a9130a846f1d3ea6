"""RocksDB alone, with a key and a value as large as the poll job's: a look-up of every voter, and a write.

What the job cannot be faster than. Options are those of `flink-conf/config.yaml` as far as they matter here; a write
has no log, as in Flink. Votes come from nowhere, and nothing is decoded.
"""

from hashlib import blake2b

from rocksdict import BlockBasedOptions, DBCompactionStyle, Options, Rdict, WriteOptions

from bench.peers.meter import Meter, arguments

KEY_BYTES = 100
VALUE_BYTES = 140
WRITE_BUFFER_BYTES = 64 << 20


def main() -> None:
    """Look up and write one voter for each of the records asked for."""
    given = arguments()
    options = Options(raw_mode=True)
    options.create_if_missing(True)
    options.set_compaction_style(DBCompactionStyle.universal())
    options.set_write_buffer_size(WRITE_BUFFER_BYTES)
    blocks = BlockBasedOptions()
    blocks.set_bloom_filter(10, block_based=False)
    options.set_block_based_table_factory(blocks)
    state = Rdict(given.state_dir, options)
    unlogged = WriteOptions()
    unlogged.disable_wal = True
    state.set_write_options(unlogged)
    meter = Meter()
    found, same = 0, bytes(KEY_BYTES - 16)
    value = bytes(VALUE_BYTES - 26)
    for number in range(given.records):
        meter.see()
        voter = blake2b(number.to_bytes(8), digest_size=16).digest()
        found += state.get(same + voter) is not None
        state[same + voter] = value + voter
    state.close()
    meter.report({"found": found})


if __name__ == "__main__":
    main()
