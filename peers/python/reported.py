"""What sglang-router's power_of_two goes by: the tokens that workers say they hold.

    python reported.py

Run it with the Python of the check (target/peers/python/sglang-router/bin/python). Four stub
workers answer at once and report 3,000, 2,000, 1,000 and no tokens. Until the gateway first asks
(GET /get_load, some 30 s after it has started) all are equal to it; from then on the first is
never taken, and the others as often as two draws say, 1 : 2 : 3. One line a round: what each
worker got, and how often loads have been asked for.
"""

import asyncio
import json
import sys

import gateways

ROUNDS, REQUESTS, PAUSE_S = 4, 60, 12


class Reporting(gateways.Workers):
    """Workers that answer at once and report a load when they are asked."""

    def __init__(self):
        super().__init__()
        self.asked = 0

    def serve(self, index):
        async def connected(reader, writer):
            try:
                while True:
                    method, path, _ = await gateways.read_request(reader)
                    answer = {"status": "ok", "data": [], "model_path": "", "is_generation": True}
                    if "load" in path:
                        self.asked += 1
                        tokens = 1000 * (gateways.WORKERS - 1 - index)
                        answer = [{"dp_rank": 0, "num_reqs": 0, "num_tokens": tokens}]
                    elif method == "POST":
                        await self.came.put(("", index))
                        answer = {"text": "", "meta_info": {}}
                    text = json.dumps(answer).encode()
                    head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    writer.write(f"{head}Content-Length: {len(text)}\r\n\r\n".encode() + text)
                    await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError, ValueError):  # or not HTTP/1
                pass
            finally:
                writer.close()

        return connected


async def main():
    workers = Reporting()
    await workers.start(gateways.WORKERS)
    port = gateways.free_port()
    gateway = gateways.launch("sglang-router", "power_of_two", port, workers.ports, sys.stderr)
    try:
        await gateways.ready(port, workers)
        for number in range(ROUNDS):
            got = [0] * gateways.WORKERS
            for request in range(REQUESTS):
                await gateways.post(port, "/generate", {"text": f"{request}", "rid": "r"})
                got[(await workers.came.get())[1]] += 1
            print(number, *got, workers.asked, sep="\t", flush=True)
            await asyncio.sleep(PAUSE_S)
    finally:
        gateway.kill()
        gateway.wait()


if __name__ == "__main__":
    asyncio.run(main())
