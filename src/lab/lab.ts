/**
 * The stage that every scenario starts from: a healthy node on a small network.
 *
 *   node     "node1", 10.240.0.34 on eth0, IPv6 on (link-local only), usual /etc files
 *   network  the rest of the world in a host of its own: gateway, DNS server and, where a scenario wants them, other machines,
 *            all behind 10.240.0.1/24
 */
import { stepFailed } from './lab-error.ts';
import { startNamespaceContainer, type ContainerSpec, type LabContainer } from './container.ts';
import { startDnsServer, type DnsServerOptions } from './dns-server.ts';
import { startDockerEngine, type DockerEngine, type DockerOptions } from './docker-engine.ts';
import { labEnvironment, startHost, type Daemon, type LabHost } from './namespace-host.ts';
import { nodeProgram } from './programs/node-program.ts';
import { scriptedDns, type ScriptedDnsOptions } from './programs/scripted-dns.ts';
import { tcpListener, type ListenerOptions } from './programs/tcp-listener.ts';
import { runProgram, type ProgramOptions, type ProgramResult } from './program.ts';

export const NODE_NAME = 'node1';
export const NODE_ADDRESS = '10.240.0.34';
export const GATEWAY_ADDRESS = '10.240.0.1';

/** Names that the network's DNS server knows. */
export const NETWORK_RECORDS: readonly (readonly [string, string])[] = [
  [NODE_NAME, NODE_ADDRESS],
  ['node2', '10.240.0.35'],
  ['rancher.example.com', '10.240.0.10'],
  ['registry.example.com', '10.240.0.11'],
];

const HEALTHY_FILES: Readonly<Record<string, string>> = {
  '/etc/hosts': `127.0.0.1   localhost localhost.localdomain localhost4 localhost4.localdomain4\n::1         localhost localhost.localdomain localhost6 localhost6.localdomain6\n${NODE_ADDRESS} ${NODE_NAME}\n`,
  '/etc/nsswitch.conf':
    'passwd:     files\ngroup:      files\nshadow:     files\nhosts:      files dns\nnetworks:   files\nservices:   files\n',
  '/etc/host.conf': 'multi on\n',
  '/etc/resolv.conf': `nameserver ${GATEWAY_ADDRESS}\n`,
};

export class Lab {
  readonly node: LabHost;
  readonly network: LabHost;
  readonly containers = new Map<string, LabContainer>();
  #engine: DockerEngine | undefined;
  #dnsPid: number | undefined;
  #disposed: Promise<void> | undefined;

  private constructor(node: LabHost, network: LabHost) {
    this.node = node;
    this.network = network;
  }

  static async start(): Promise<Lab> {
    const started = await Promise.allSettled([startHost(NODE_NAME), startHost('network')]);
    const [node, network] = started;
    if (node.status === 'rejected' || network.status === 'rejected') {
      for (const host of started) if (host.status === 'fulfilled') await host.value.dispose();
      throw (node.status === 'rejected' ? node : (network as PromiseRejectedResult)).reason;
    }
    const lab = new Lab(node.value, network.value);
    try {
      await lab.#furnish();
    } catch (error) {
      await lab.dispose();
      throw error;
    }
    return lab;
  }

  async #furnish(): Promise<void> {
    const files = Object.entries(HEALTHY_FILES).map(
      ([path, content]) => `rm -f ${path}; printf '%s' '${content}' > ${path}; chmod 644 ${path}`,
    );
    await Promise.all([
      // Whatever the machine has under these names is no part of the stage.
      this.node.sh(`${files.join('\n')}\nrm -f /etc/gai.conf\n[ ! -e /etc/nscd.conf ] || rm -f /etc/nscd.conf`),
      this.#connect(),
    ]);
    await this.restartDns();
  }

  async #connect(): Promise<void> {
    const ends = [
      'eth0',
      'netns',
      String(this.node.initPid),
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      String(this.network.initPid),
    ];
    const link = await runProgram(['ip', 'link', 'add', ...ends], { env: labEnvironment() });
    if (link.exitStatus !== 0) throw stepFailed(link);
    // Duplicate address detection would leave link-local addresses tentative for a second.
    const noWait = 'for s in all default eth0; do echo 0 > /proc/sys/net/ipv6/conf/$s/accept_dad 2>/dev/null || :; done';
    await Promise.all([
      this.node.sh(`${noWait}
ip addr add ${NODE_ADDRESS}/24 dev eth0; ip link set eth0 up; ip route add default via ${GATEWAY_ADDRESS}
echo 1 > /proc/sys/net/ipv4/ip_forward
for f in /proc/sys/net/bridge/bridge-nf-call-iptables /proc/sys/net/bridge/bridge-nf-call-ip6tables; do [ ! -w $f ] || echo 1 > $f; done`),
      this.network.sh(`${noWait}\nip addr add ${GATEWAY_ADDRESS}/24 dev eth0; ip link set eth0 up; echo 1 > /proc/sys/net/ipv4/ip_forward`),
    ]);
  }

  /** Starts the network's DNS server anew, with more records or other options. */
  async restartDns(options: Partial<DnsServerOptions> = {}): Promise<void> {
    await this.stopDns();
    const daemon = await startDnsServer(this.network, {
      addresses: [GATEWAY_ADDRESS],
      ...options,
      records: [...NETWORK_RECORDS, ...(options.records ?? [])],
    });
    this.#dnsPid = daemon.pid;
  }

  async stopDns(): Promise<void> {
    if (this.#dnsPid === undefined) return;
    await this.network.sh('kill "$1"; while kill -0 "$1" 2>/dev/null; do sleep 0.01; done', String(this.#dnsPid));
    this.#dnsPid = undefined;
  }

  /** One more machine's address in the network, answered for by the network host. */
  async addAddress(address: string): Promise<void> {
    await this.network.sh('ip addr add "$1/32" dev lo 2>/dev/null || :; ip addr add "$1/24" dev eth0 2>/dev/null || :', address);
  }

  async container(spec: ContainerSpec): Promise<LabContainer> {
    const container = await startNamespaceContainer(this.node, spec);
    this.containers.set(spec.name, container);
    return container;
  }

  /** A bridge on the node, as a container engine makes one. */
  async bridge(name: string, address: string): Promise<void> {
    await this.node.sh('ip link add "$1" type bridge; ip addr add "$2" dev "$1"; ip link set "$1" up', name, address);
  }

  /** A container with an address on a bridge of the node. */
  async bridgedContainer(spec: ContainerSpec, bridge: string, address: string, gateway: string): Promise<LabContainer> {
    const container = await this.container({ ...spec, network: 'own' });
    const script = `
ip link add "v$1" type veth peer name eth0 netns "$1"
ip link set "v$1" master "$2" up
nsenter -t "$1" -n sh -euc 'ip addr add "$1" dev eth0; ip link set eth0 up; ip route add default via "$2"' sh "$3" "$4"`;
    await this.node.sh(script, String(container.pid), bridge, address, gateway);
    return container;
  }

  async docker(options?: DockerOptions): Promise<DockerEngine> {
    this.#engine ??= await startDockerEngine(this.node, options);
    return this.#engine;
  }

  async dockerContainer(spec: ContainerSpec, ...dockerArgs: readonly string[]): Promise<LabContainer> {
    const container = await (await this.docker()).run(spec, ...dockerArgs);
    this.containers.set(spec.name, container);
    return container;
  }

  /** A DNS server that says what it is told, also what a proper one never would; on the network unless another host is given. */
  async scriptedDns(options: ScriptedDnsOptions, host: LabHost = this.network): Promise<Daemon> {
    if (host === this.network && options.address !== GATEWAY_ADDRESS) await this.addAddress(options.address);
    const udpOnly = options.transports !== undefined && !options.transports.includes('udp');
    const hex = (options.port ?? 53).toString(16).toUpperCase().padStart(4, '0');
    // In /proc/net an IPv4 address is a number in the machine's order.
    const address = options.address.includes(':')
      ? ''
      : Buffer.from(options.address.split('.').map(Number)).reverse().toString('hex').toUpperCase();
    return host.start(`${options.title}-${options.address}`, nodeProgram(scriptedDns, options), {
      ready: `cat /proc/net/${udpOnly ? 'tcp' : 'udp'} /proc/net/${udpOnly ? 'tcp6' : 'udp6'} | grep -q '${address}:${hex} '`,
    });
  }

  /** A small HTTP server under a component's name, on the node unless another host is given. */
  listen(options: ListenerOptions, host: LabHost = this.node, env: Readonly<Record<string, string>> = {}): Promise<Daemon> {
    const hex = options.port.toString(16).toUpperCase().padStart(4, '0');
    return host.start(`${options.title}-${options.port}`, nodeProgram(tcpListener, options), {
      env,
      ready: `cat /proc/net/tcp /proc/net/tcp6 | grep -q ':${hex} [0-9A-F]*:0000 0A'`,
    });
  }

  /** A shell line on the node, or in one of its containers. */
  run(line: string, container?: string, options?: ProgramOptions): Promise<ProgramResult> {
    if (container === undefined) return this.node.exec(['sh', '-c', line], options);
    const found = this.containers.get(container);
    if (found === undefined) throw new Error(`the scenario has no container ${container}`);
    return found.exec(found.hasShell ? ['sh', '-c', line] : line.split(' '), options);
  }

  dispose(): Promise<void> {
    this.#disposed ??= this.#end();
    return this.#disposed;
  }

  async #end(): Promise<void> {
    await this.#engine?.stop();
    await Promise.all([this.node.dispose(), this.network.dispose()]);
    await this.#engine?.removeControlGroups();
  }
}
