#!/usr/bin/env python3
"""Two RESP servers side by side in one run, alternating, as ratios (A = reference, B = ours).

  bin/sidebyside.py bench [--tests set,get] [--P 1,16,64] [-d 100] [-r KEYS] [--rounds 5] [--n-scale 1.0] [--pin]
  bin/sidebyside.py mem   [--n 1000000] [--sizes 3,32,100]
  bin/sidebyside.py save  [--n 1000000] [-d 100]

--a defaults to stock Redis, --b to the server of this tree, which must be built; {port} and {dir} in them are filled in.
Needs redis-benchmark and redis-cli on the PATH, and redis-server or redis-check-rdb, which is the same program (Debian's
redis-tools has all but the first name).
Prints, per case, min/median/max of B/A for throughput, A/B for server CPU per operation (cpu-eff), and B/A for p99.
--json FILE also writes the rows. Loopback only; both servers are stopped at the end.
"""
import argparse, json, os, shlex, shutil, socket, statistics as st, subprocess, sys, tempfile, time

OPTIONS = ' --save "" --appendonly no --protected-mode no --port {port} --dir {dir}'
OURS = shlex.quote(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'watchword')) + ' server'


def stock(folder):
    """The command of stock Redis: one program does by its name what redis-server or redis-check-rdb does."""
    server = shutil.which('redis-server')
    if not server:
        program = shutil.which('redis-check-rdb') or sys.exit('no redis-server and no redis-check-rdb on the PATH')
        server = os.path.join(folder, 'redis-server')
        os.symlink(program, server)
    return shlex.quote(server) + OPTIONS


class Server:
    def __init__(self, name, command, port):
        self.name, self.port = name, port
        with socket.socket() as probe:
            if probe.connect_ex(('127.0.0.1', port)) == 0:
                raise SystemExit(f'something listens on port {port} already: see --port')
        self.dir, self.threads = tempfile.mkdtemp(prefix='sbs-'), {}
        self.log = open(os.path.join(self.dir, 'out.log'), 'w')
        self.proc = subprocess.Popen(shlex.split(command.replace('{port}', str(port)).replace('{dir}', self.dir)),
                                     stdout=self.log, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            self.wait()
        except BaseException:
            self.proc.kill()
            raise
        info = self.ask('INFO', 'server').decode(errors='replace')
        self.pid = int(next((l.split(':')[1] for l in info.splitlines() if l.startswith('process_id:')), self.proc.pid))

    def wait(self):
        end = time.time() + 60
        while True:
            if time.time() > end or self.proc.poll() is not None:
                raise SystemExit(f'{self.name} did not answer on port {self.port}: see {self.log.name}')
            try:
                if self.ask('PING').startswith(b'+'):
                    return
            except OSError:
                pass
            time.sleep(0.05)

    def ask(self, *words):
        with socket.create_connection(('127.0.0.1', self.port), 2) as s:
            s.settimeout(600)
            s.sendall(b'*%d\r\n' % len(words) + b''.join(b'$%d\r\n%s\r\n' % (len(w), w.encode()) for w in words))
            data = s.recv(1 << 20)
            while data.startswith(b'$') and len(data) < int(data[1:data.index(b'\r')]) + data.index(b'\r') + 4:
                more = s.recv(1 << 20)
                if not more:
                    break
                data += more
            return data

    def field(self, section, name):
        for line in self.ask('INFO', section).decode(errors='replace').splitlines():
            if line.startswith(name + ':'):
                return line.split(':', 1)[1]
        return None

    def cpu(self):
        # A thread that has ended keeps what it was last seen to have used: compilers of a JVM come and go.
        for t in os.listdir(f'/proc/{self.pid}/task'):
            try:
                self.threads[t] = int(open(f'/proc/{self.pid}/task/{t}/schedstat').read().split()[0])
            except OSError:
                pass
        return sum(self.threads.values()) / 1e9

    def rss(self):
        for line in open(f'/proc/{self.pid}/status'):
            if line.startswith('VmRSS'):
                return int(line.split()[1]) * 1024

    def pin(self, cores):
        subprocess.run(['taskset', '-acp', cores, str(self.pid)], stdout=subprocess.DEVNULL, check=True)

    def stop(self):
        for signal in (15, 9):
            try:
                os.killpg(self.proc.pid, signal)
                self.proc.wait(8)
                break
            except (ProcessLookupError, subprocess.TimeoutExpired):
                pass
        self.log.close()
        shutil.rmtree(self.dir, ignore_errors=True)


def load(server, test, n, pipeline, size, keys, clients=50, pin=False):
    command = ['redis-benchmark', '-p', str(server.port), '-c', str(clients), '-P', str(pipeline), '-d', str(size),
               '-n', str(n), '-t', test, '--csv', '--precision', '3'] + (['-r', str(keys)] if keys else [])
    if pin:
        command = ['taskset', '-c', '1'] + command
    cpu = server.cpu()
    out = subprocess.run(command, capture_output=True, text=True)
    cpu = server.cpu() - cpu
    rows = [l.replace('"', '').split(',') for l in out.stdout.splitlines() if l.startswith('"')][1:]
    if not rows:
        raise SystemExit(f'redis-benchmark against {server.name} failed: {out.stdout}{out.stderr}')
    return {'rps': st.mean(float(r[1]) for r in rows), 'p50': st.mean(float(r[4]) for r in rows),
            'p99': st.mean(float(r[6]) for r in rows), 'us': cpu * 1e6 / (n * len(rows))}


def three(values):
    return f'{min(values):.2f}/{st.median(values):.2f}/{max(values):.2f}'


def bench(args, a, b):
    rows = []
    for test in args.tests.split(','):
        for pipeline in map(int, args.P.split(',')):
            n = int({1: 60_000, 16: 600_000, 64: 1_200_000}.get(pipeline, 200_000) * args.n_scale)
            for s in (a, b):
                load(s, test, max(n, 50_000), pipeline, args.d, args.r, pin=args.pin)
                load(s, test, n, pipeline, args.d, args.r, pin=args.pin)
            pairs = [(load(a, test, n, pipeline, args.d, args.r, pin=args.pin),
                      load(b, test, n, pipeline, args.d, args.r, pin=args.pin)) for _ in range(args.rounds)]
            row = {'test': test, 'P': pipeline, 'd': args.d, 'r': args.r,
                   'throughput': [y['rps'] / x['rps'] for x, y in pairs],
                   'cpu_eff': [x['us'] / max(y['us'], 1e-9) for x, y in pairs],
                   'p99': [y['p99'] / max(x['p99'], 1e-3) for x, y in pairs]}
            rows.append(row)
            print(f"{test:12s} P={pipeline:<3d} d={args.d} r={args.r}  A {st.median(x['rps'] for x, _ in pairs)/1000:.0f}k/s "
                  f"{st.median(x['us'] for x, _ in pairs):.2f}us | B/A throughput {three(row['throughput'])} "
                  f"cpu-eff {three(row['cpu_eff'])} p99 {three(row['p99'])}", flush=True)
    return rows


def fill(server, n, size):
    subprocess.run(['redis-cli', '-p', str(server.port), 'flushall'], stdout=subprocess.DEVNULL, check=True)
    time.sleep(1)
    data, value = [], 'x' * size
    p = subprocess.Popen(['redis-cli', '-p', str(server.port), '--pipe'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for i in range(n):
        key = f'key:{i:012d}'
        data.append(f'*3\r\n$3\r\nSET\r\n${len(key)}\r\n{key}\r\n${size}\r\n{value}\r\n')
        if len(data) == 2000:
            p.stdin.write(''.join(data).encode())
            data.clear()
    p.stdin.write(''.join(data).encode())
    out, _ = p.communicate()
    if b'errors: 0' not in out:
        raise SystemExit(f'loading {server.name} failed: {out.decode()}')


def mem(args, commands):
    rows = []
    for size in map(int, args.sizes.split(',')):
        per = []
        for name, command, port in commands:
            s = Server(name, command, port)
            try:
                before = s.rss()
                fill(s, args.n, size)
                time.sleep(2)
                per.append((s.rss() - before) / args.n)
            finally:
                s.stop()
        rows.append({'size': size, 'a': per[0], 'b': per[1], 'ratio': per[1] / per[0]})
        print(f'{size} B values, {args.n} keys: A {per[0]:.1f} B/key, B {per[1]:.1f} B/key, B/A {per[1]/per[0]:.2f}', flush=True)
    return rows


def save(args, a, b):
    times = {}
    for s in (a, b):
        fill(s, args.n, args.d)
        runs = []
        for _ in range(args.rounds):
            t = time.time()
            if not s.ask('BGSAVE').startswith(b'+'):
                raise SystemExit(f'{s.name} refused BGSAVE')
            while s.field('persistence', 'rdb_bgsave_in_progress') != '0':
                time.sleep(0.02)
            if s.field('persistence', 'rdb_last_bgsave_status') != 'ok':
                raise SystemExit(f'{s.name}: BGSAVE failed')
            runs.append(time.time() - t)
        times[s.name] = runs
    ratio = st.median(times['B']) / st.median(times['A'])
    print(f"BGSAVE {args.n} keys x {args.d} B: A {three(times['A'])} s, B {three(times['B'])} s, B/A {ratio:.2f}")
    return [{'a': times['A'], 'b': times['B'], 'ratio': ratio}]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('mode', choices=['bench', 'mem', 'save'])
    p.add_argument('--a', help='the reference (default: stock Redis)')
    p.add_argument('--b', default=OURS + OPTIONS, help='ours (default: %(default)s)')
    p.add_argument('--tests', default='set,get')
    p.add_argument('--P', default='1,16,64')
    p.add_argument('-d', type=int, default=100)
    p.add_argument('-r', type=int, default=0)
    p.add_argument('--rounds', type=int, default=5)
    p.add_argument('--n', type=int, default=1_000_000)
    p.add_argument('--n-scale', type=float, default=1.0)
    p.add_argument('--sizes', default='3,32,100')
    p.add_argument('--pin', action='store_true', help='server on core 0, client on core 1')
    p.add_argument('--port', type=int, default=17000)
    p.add_argument('--json')
    args = p.parse_args()
    with tempfile.TemporaryDirectory(prefix='sbs-') as folder:
        measure(args, [('A', args.a or stock(folder), args.port), ('B', args.b, args.port + 1)])


def measure(args, commands):
    if args.mode == 'mem':
        rows = mem(args, commands)
    else:
        servers = []
        try:
            for c in commands:
                servers.append(Server(*c))
                if args.pin:
                    servers[-1].pin('0')
            rows = (bench if args.mode == 'bench' else save)(args, *servers)
        finally:
            for s in servers:
                s.stop()
    if args.json:
        with open(args.json, 'w') as f:
            json.dump(rows, f, indent=1)


if __name__ == '__main__':
    main()
