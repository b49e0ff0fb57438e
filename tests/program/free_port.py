"""A port for a server that has to be told one."""
import random
import socket


def free_port():
    """Below the ports that the system gives to connections on their way out: one of those could be taken again before the server has it."""
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as of_system:
        first_given = int(of_system.read().split()[0])
    while True:
        with socket.socket() as probe:
            port = random.randrange(10_000, first_given) if first_given > 20_000 else 0
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
