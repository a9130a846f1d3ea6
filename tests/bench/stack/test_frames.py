from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol, Side

from bench.stack import frames


def test_a_server_reads_the_frames() -> None:
    long = "🔥" * 60
    server = Protocol(Side.SERVER)
    server.receive_data(frames.react({"🔥": 20}) + frames.react({long: 1}))
    read = [frame for frame in server.events_received() if isinstance(frame, Frame) and frame.opcode is Opcode.TEXT]
    texts = [bytes(frame.data).decode() for frame in read]
    assert texts == ['{"type":"react","counts":{"🔥":20}}', f'{{"type":"react","counts":{{"{long}":1}}}}']
