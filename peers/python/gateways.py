"""Which worker a real gateway gives each request to, with stub workers that answer when told.

    python gateways.py PACKAGE FOLDER [STREAM...]

Everything runs on 127.0.0.1. A worker here computes nothing: it says that a request came and
answers once the run lets it, so that so many requests are always held. A prompt is one character
a block, so that equal prefixes are equal text and a match is counted in blocks. One line a run:
stream, policy, workers, held, and the workers that got the requests, in order.
"""

import asyncio
import json
import socket
import subprocess
import sys
from pathlib import Path

HOST = "127.0.0.1"
REQUESTS = 2000
# Below this are control characters; nothing here needs escaping in JSON.
FIRST_CHARACTER = 0x10000
# How many requests are held, for so many workers: none but the newest, some, and many.
HELD = [1, 48, 384]
WORKERS = 4

POLICIES = {
    "sglang-router": ["cache_aware", "round_robin", "power_of_two"],
    "smg": ["cache_aware", "round_robin", "power_of_two", "prefix_hash"],
    "vllm-router": ["cache_aware", "round_robin", "power_of_two"],
}
# The conversation trace where it is here, and two built-in workloads, of which the second is so
# hot that queues part.
STREAMS = ["trace", "conversation", "extreme"]


def free_port():
    with socket.socket() as found:
        found.bind((HOST, 0))
        return found.getsockname()[1]


async def read_request(reader):
    """Method, path and body of one HTTP request, or None at the end."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    method, path, _ = lines[0].split(" ")
    fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    if fields.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    else:
        body = await reader.readexactly(int(fields.get("content-length", 0)))
    return method, path, body


class Workers:
    """Stub workers; `came` hears of every request, with the index of its worker."""

    def __init__(self):
        self.came, self.held, self.ports, self.servers = asyncio.Queue(), {}, [], []

    async def start(self, count):
        for index in range(count):
            server = await asyncio.start_server(self.serve(index), HOST, 0, limit=1 << 24)
            self.servers.append(server)
            self.ports.append(server.sockets[0].getsockname()[1])

    def serve(self, index):
        async def connected(reader, writer):
            try:
                while True:
                    method, path, body = await read_request(reader)
                    answer = {"status": "ok", "data": [], "model_path": "", "is_generation": True}
                    if method == "POST" and "flush" not in path:
                        released = asyncio.Event()
                        name = json.loads(body)["rid"]
                        self.held[name] = released
                        await self.came.put((name, index))
                        await released.wait()
                        answer = {"text": "", "choices": [], "meta_info": {"id": name}}
                    # Workers tell no load, so that the gateway goes by what it counts itself.
                    status = "404 Not Found" if "load" in path else "200 OK"
                    text = json.dumps(answer).encode()
                    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
                    writer.write(f"{head}Content-Length: {len(text)}\r\n\r\n".encode() + text)
                    await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError, ValueError):  # or not HTTP/1
                pass
            finally:
                writer.close()

        return connected


async def post(port, path, value):
    """Sends one request over a connection of its own and waits for its answer."""
    reader, writer = await asyncio.open_connection(HOST, port, limit=1 << 24)
    body = json.dumps(value, ensure_ascii=False).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
    head += f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()
    answer = await reader.read()
    writer.close()
    status = answer.split(b"\r\n", 1)[0]
    if b" 200 " not in status:
        raise RuntimeError(f"the gateway answered {answer[:300]!r}")


def launch(package, policy, port, workers, log):
    python = [sys.executable, "-m"]
    urls = [f"http://{HOST}:{worker}" for worker in workers]
    quiet = ["--log-level", "warn" if package != "vllm-router" else "warning"]
    common = ["--host", HOST, "--port", str(port), "--policy", policy, "--prometheus-port"]
    common += [str(free_port()), "--disable-retries", "--disable-circuit-breaker"] + quiet
    beside = str(Path(sys.executable).parent / package)
    programs = {
        "sglang-router": python + ["sglang_router.launch_router"],
        "smg": [beside, "launch"],
        "vllm-router": [beside],
    }
    if package == "smg":
        common += ["--disable-tokenizer-autoload"]
    command = programs[package] + common + ["--worker-urls"] + urls
    return subprocess.Popen(command, stdout=log, stderr=log)


async def ready(port, workers):
    for _ in range(600):
        try:
            reader, writer = await asyncio.open_connection(HOST, port)
            head = f"GET /readiness HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode())
            answer = await reader.read()
            writer.close()
            if b" 200 " in answer.split(b"\r\n", 1)[0]:
                return
        except ConnectionError:
            pass
        await asyncio.sleep(0.1)
    raise RuntimeError("the gateway does not become ready")


async def run(package, policy, prompts, held, log):
    """The worker of every request, as indexes."""
    workers = Workers()
    await workers.start(WORKERS)
    port = free_port()
    gateway = launch(package, policy, port, workers.ports, log)
    picks, sent = [], []
    try:
        await ready(port, workers)
        await asyncio.sleep(0.5)
        for number, prompt in enumerate(prompts):
            name = f"r{number}"
            path, value = "/generate", {"text": prompt, "rid": name}
            if package == "vllm-router":
                path, value = "/v1/completions", {"prompt": prompt, "rid": name, "model": ""}
            task = asyncio.create_task(post(port, path, value))
            came = asyncio.create_task(workers.came.get())
            await asyncio.wait([task, came], return_when=asyncio.FIRST_COMPLETED, timeout=20)
            if not came.done():
                what = task.exception() if task.done() else "nothing"
                raise RuntimeError(f"{what} came of {name}")
            arrived, index = came.result()
            assert arrived == name, (arrived, name)
            picks.append(index)
            sent.append((name, task))
            if held <= len(sent):
                oldest, answered = sent.pop(0)
                workers.held.pop(oldest).set()
                await answered
    finally:
        # It would wait for what is still held.
        gateway.kill()
        gateway.wait()
        for server in workers.servers:
            server.close()
    return picks


def prompts_of(path):
    lines = path.read_text().splitlines()[:REQUESTS]
    for line in lines:
        yield "".join(chr(FIRST_CHARACTER + id) for id in json.loads(line)["hash_ids"])


async def main(package, folder, streams=STREAMS):
    streams = [name for name in streams if (folder / f"{name}.jsonl").is_file()]
    with open(folder / f"{package}.log", "w") as log:
        for stream in streams:
            prompts = list(prompts_of(folder / f"{stream}.jsonl"))
            for policy in POLICIES[package]:
                for held in HELD:
                    picks = await run(package, policy, prompts, held, log)
                    text = "".join(str(pick) for pick in picks)
                    print(stream, policy, WORKERS, held, text, sep="\t", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:] or STREAMS))
