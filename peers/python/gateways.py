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
# Blocks of a prompt that prefix_hash goes by.
LEAD = 4

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


async def read_message(reader):
    """First line and body of one HTTP message."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    if fields.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    else:
        body = await reader.readexactly(int(fields.get("content-length", 0)))
    return lines[0], body


async def read_request(reader):
    """Method, path and body of one HTTP request."""
    line, body = await read_message(reader)
    method, path, _ = line.split(" ")
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

    async def answer(self, index, method, path, body):
        """Status and JSON of the answer to one request; a prompt's is held until it is let go."""
        # Workers tell no load, so that the gateway goes by what it counts itself; and they render
        # nothing, so that it asks them for tokens instead.
        if "load" in path or "render" in path:
            return "404 Not Found", {}
        asked = json.loads(body) if body else {}
        if path == "/tokenize":
            # A token a block, as a prompt has a character a block.
            tokens = [ord(letter) - FIRST_CHARACTER for letter in asked["prompt"]]
            return "200 OK", {"count": len(tokens), "max_model_len": 1 << 20, "tokens": tokens}
        if method != "POST" or "flush" in path:
            return "200 OK", {"status": "ok", "data": [], "model_path": "", "is_generation": True}
        name, released = asked.get("rid") or asked["user"], asyncio.Event()
        self.held[name] = released
        await self.came.put((name, index))
        await released.wait()
        return "200 OK", {"text": "", "choices": [], "meta_info": {"id": name}}

    def serve(self, index):
        async def connected(reader, writer):
            try:
                while True:
                    method, path, body = await read_request(reader)
                    status, answer = await self.answer(index, method, path, body)
                    text = json.dumps(answer).encode()
                    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
                    writer.write(f"{head}Content-Length: {len(text)}\r\n\r\n".encode() + text)
                    await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError, ValueError):  # or not HTTP/1
                pass
            finally:
                writer.close()

        return connected


async def post(port, path, value, key=None):
    """Sends one request over a connection of its own and waits for its answer."""
    reader, writer = await asyncio.open_connection(HOST, port, limit=1 << 24)
    body = json.dumps(value, ensure_ascii=False).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
    head += f"X-SMG-Routing-Key: {key}\r\n" if key else ""
    head += f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()
    # Not to its end: one of the gateways leaves the connection open whatever it is asked.
    status, answer = await read_message(reader)
    writer.close()
    if " 200 " not in status:
        raise RuntimeError(f"the gateway answered {status} {answer[:300]!r}")


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


async def run(package, policy, workers, prompts, held, log):
    """The worker of every request, as indexes."""
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
                path, value = "/v1/completions", {"prompt": prompt, "user": name, "model": ""}
            # Over plain HTTP this policy sees neither text nor tokens: without a key of the
            # caller's it takes the least loaded worker, always.
            key = None
            if policy == "prefix_hash":
                key = "-".join(str(ord(letter)) for letter in prompt[:LEAD])
            task = asyncio.create_task(post(port, path, value, key))
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
        # What it can no longer answer is over as well.
        for released in workers.held.values():
            released.set()
        workers.held.clear()
        await asyncio.gather(*(task for _, task in sent), return_exceptions=True)
    return picks


def prompts_of(path):
    lines = path.read_text().splitlines()[:REQUESTS]
    for line in lines:
        yield "".join(chr(FIRST_CHARACTER + id) for id in json.loads(line)["hash_ids"])


async def main(package, folder, streams=STREAMS):
    streams = [name for name in streams if (folder / f"{name}.jsonl").is_file()]
    # The same for all runs: a gateway that hashes goes by their addresses.
    workers = Workers()
    await workers.start(WORKERS)
    with open(folder / f"{package}.log", "w") as log:
        for stream in streams:
            prompts = list(prompts_of(folder / f"{stream}.jsonl"))
            for policy in POLICIES[package]:
                for held in HELD:
                    picks = await run(package, policy, workers, prompts, held, log)
                    text = "".join(str(pick) for pick in picks)
                    print(stream, policy, WORKERS, held, text, sep="\t", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:] or STREAMS))
