/** A network namespace as `ip` and `sysctl` change it: just enough of the kernel's own doing (lo's addresses, connected routes, flushes). */
import type { Source } from '../../facts/fact.ts';
import { known } from '../../facts/fact.ts';
import type { Family, Interface, InterfaceAddress, Listener, NetnsFacts, PolicyRule, RejectRule, Route } from '../../facts/node-facts.ts';
import { formatAddress } from '../../model/address/address.ts';
import { inPrefix, parsePrefix } from '../../model/address/prefix.ts';
import { addressBits } from '../../model/dial/address-bits.ts';

interface Device {
  name: string;
  kind: string;
  up: boolean;
  peer?: string;
  addresses: InterfaceAddress[];
}

const SOURCE: Source = { kind: 'statement', key: 'vector', text: 'given.net' };

/** The network part of '192.0.2.10/24'. */
function networkOf(address: string, length: number): string {
  const bytes = addressBits(address);
  if (bytes === undefined) return `${address}/${String(length)}`;
  const network = bytes.map((byte, i) => byte & ~(0xff >> Math.min(8, Math.max(0, length - i * 8))));
  return `${formatAddress(network)}/${String(length)}`;
}

export class SimulatedNetns {
  readonly #devices = new Map<string, Device>();
  #routes: Route[] = [];
  #rules: PolicyRule[] = [];
  readonly #disabled = new Map<string, boolean>([
    ['all', false],
    ['default', false],
  ]);
  readonly #sysctls = new Map<string, string>();
  readonly rejects: RejectRule[] = [];
  readonly listeners: Listener[] = [];
  ipv6Socket = true;

  constructor() {
    for (const family of ['inet', 'inet6'] as const) {
      this.#rules.push(
        { family, priority: 0, selector: 'from all', action: 'lookup local' },
        { family, priority: 32766, selector: 'from all', action: 'lookup main' },
      );
    }
    this.#rules.push({ family: 'inet', priority: 32767, selector: 'from all', action: 'lookup default' });
    this.addDevice('lo', 'loopback');
  }

  addDevice(name: string, kind: string, peer?: string): void {
    this.#devices.set(name, { name, kind, up: false, addresses: [], ...(peer === undefined ? {} : { peer }) });
    this.#disabled.set(name, this.#disabled.get('default') === true);
  }

  removeDevice(name: string): void {
    const device = this.#device(name);
    this.setUp(name, false);
    this.#devices.delete(name);
    if (device.peer !== undefined && this.#devices.has(device.peer)) this.removeDevice(device.peer);
  }

  #device(name: string): Device {
    const device = this.#devices.get(name);
    if (device === undefined) throw new Error(`no device ${name}`);
    return device;
  }

  #hasIpv6(device: Device): boolean {
    return this.ipv6Socket && this.#disabled.get(device.name) !== true;
  }

  setUp(name: string, up: boolean): void {
    const device = this.#device(name);
    if (device.up === up) return;
    device.up = up;
    if (!up) {
      this.#routes = this.#routes.filter((r) => r.device !== name);
      device.addresses = device.addresses.filter((a) => a.family === 'inet');
      return;
    }
    if (name === 'lo' && !device.addresses.some((a) => a.address === '127.0.0.1'))
      device.addresses.unshift({ family: 'inet', address: '127.0.0.1', prefixLength: 8 });
    for (const a of device.addresses) this.#connect(device, a);
    this.#startIpv6(device);
    const peer = device.peer === undefined ? undefined : this.#devices.get(device.peer);
    if (peer?.up === true) this.#startIpv6(peer);
  }

  /** Addresses that the kernel gives by itself: ::1 on lo, a link-local one where there is a carrier. */
  #startIpv6(device: Device): void {
    if (!device.up || !this.#hasIpv6(device)) return;
    const own = device.name === 'lo' ? '::1' : 'fe80::1:2ff:fe03:405';
    if (device.addresses.some((a) => a.address === own)) return;
    if (device.name !== 'lo' && device.peer !== undefined && this.#devices.get(device.peer)?.up !== true) return;
    this.addAddress(device.name, 'inet6', own, device.name === 'lo' ? 128 : 64, device.name !== 'lo');
  }

  /** Duplicate address detection takes about two seconds. */
  sleep(seconds: number): void {
    if (seconds < 2) return;
    for (const device of this.#devices.values()) {
      device.addresses = device.addresses.map((a) => (a.tentative === true ? { ...a, tentative: false } : a));
    }
  }

  addAddress(name: string, family: Family, address: string, prefixLength: number, tentative = false): void {
    const device = this.#device(name);
    if (family === 'inet6' && !this.#hasIpv6(device)) throw new Error(`IPv6 is disabled on ${name}`);
    const made: InterfaceAddress = { family, address, prefixLength, ...(tentative ? { tentative } : {}) };
    device.addresses.push(made);
    if (device.up) this.#connect(device, made);
  }

  #connect(device: Device, { family, address, prefixLength }: InterfaceAddress): void {
    if (device.name === 'lo' || prefixLength >= (family === 'inet' ? 32 : 128)) return;
    const destination = networkOf(address, prefixLength);
    if (this.#routes.some((r) => r.destination === destination && r.device === device.name && r.table === 'main')) return;
    this.#routes.push({
      family,
      type: 'unicast',
      destination,
      device: device.name,
      table: 'main',
      ...(family === 'inet' ? { preferredSource: address } : { metric: 256 }),
    });
  }

  removeAddress(name: string, address: string | undefined, family: Family | undefined): void {
    const device = this.#device(name);
    const gone = device.addresses.filter(
      (a) => (address === undefined || a.address === address) && (family === undefined || a.family === family),
    );
    device.addresses = device.addresses.filter((a) => !gone.includes(a));
    for (const a of gone) {
      const destination = networkOf(a.address, a.prefixLength);
      const still = device.addresses.some((other) => networkOf(other.address, other.prefixLength) === destination);
      if (!still) this.#routes = this.#routes.filter((r) => r.device !== name || r.destination !== destination || r.gateway !== undefined);
    }
  }

  addRoute(route: Route): void {
    let { device } = route;
    if (device === undefined && route.gateway !== undefined) {
      const gateway = addressBits(route.gateway);
      device = this.#routes.find((r) => {
        const prefix = parsePrefix(r.destination);
        return gateway !== undefined && prefix !== undefined && r.gateway === undefined && inPrefix(gateway, prefix);
      })?.device;
    }
    // IPv6 routes of an error type belong to lo and go when lo goes.
    if (device === undefined && route.family === 'inet6') device = 'lo';
    this.#routes.push(device === undefined ? route : { ...route, device });
  }

  removeRoute(matches: (route: Route) => boolean): void {
    const at = this.#routes.findIndex(matches);
    if (at >= 0) this.#routes.splice(at, 1);
  }

  addRule(rule: PolicyRule): void {
    this.#rules.push(rule);
  }

  removeRule(matches: (rule: PolicyRule) => boolean): void {
    const at = this.#rules.findIndex(matches);
    if (at >= 0) this.#rules.splice(at, 1);
  }

  sysctl(key: string, value: string): void {
    this.#sysctls.set(key, value);
    const conf = /^net\.ipv6\.conf\.([^.]+)\.disable_ipv6$/u.exec(key);
    if (conf === null) return;
    const off = value !== '0';
    const name = conf[1] ?? '';
    this.#disabled.set(name, off);
    if (name === 'default') return;
    if (name === 'all') this.#disabled.set('default', off);
    for (const device of this.#devices.values()) {
      if (name !== 'all' && device.name !== name) continue;
      this.#disabled.set(device.name, off);
      if (!off) {
        this.#startIpv6(device);
        continue;
      }
      device.addresses = device.addresses.filter((a) => a.family === 'inet');
      this.#routes = this.#routes.filter((r) => r.family === 'inet' || r.device !== device.name);
    }
  }

  facts(id: string): NetnsFacts {
    const interfaces: Interface[] = [...this.#devices.values()].map((d, i) => ({
      name: d.name,
      index: i + 1,
      up: d.up,
      loopback: d.kind === 'loopback',
      kind: d.kind,
      addresses: d.addresses,
    }));
    const seen = <T>(value: T): ReturnType<typeof known<T>> => known(value, SOURCE);
    return {
      id,
      interfaces: seen(interfaces),
      routes: seen(this.#routes),
      rules: seen(this.#rules),
      ipv6Socket: seen(this.ipv6Socket),
      disableIpv6: this.ipv6Socket ? Object.fromEntries([...this.#disabled].map(([name, off]) => [name, seen(off)])) : {},
      listeners: this.listeners.length === 0 ? seen<readonly Listener[]>([]) : seen<readonly Listener[]>(this.listeners),
      rejects: seen<readonly RejectRule[]>(this.rejects),
      sysctls: Object.fromEntries([...this.#sysctls].map(([k, v]) => [k, seen(v)])),
    };
  }
}
