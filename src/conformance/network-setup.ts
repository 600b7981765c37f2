/** Makes the network of a trial (`given.net`) in the namespace that this process is in. Changes only this namespace. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import type { JsonObject } from '../vectors/adapter.ts';
import { listOf, isObject, objectOf, stringsOf, textOf } from '../vectors/world-from-given.ts';

const CONF = '/proc/sys/net/ipv6/conf';

function ip(commands: readonly string[]): void {
  const run = spawnSync('ip', ['-force', '-batch', '-'], { input: `${commands.join('\n')}\n`, encoding: 'utf8' });
  if (run.error !== undefined) throw run.error;
}

const setDisabled = (device: string, value: string): void => {
  if (existsSync(`${CONF}/${device}/disable_ipv6`)) writeFileSync(`${CONF}/${device}/disable_ipv6`, value);
};

let current = '';

/** Cheap when the network is the one of the trial before. */
export function setUpNetwork(net: JsonObject): void {
  const wanted = JSON.stringify(net);
  if (wanted === current) return;
  current = wanted;
  const devices = listOf(net['interfaces']).filter(isObject);
  const others = devices.filter((d) => d['name'] !== 'lo');
  for (const device of ['all', 'default', 'lo']) setDisabled(device, '0');
  const old = readdirSync('/sys/class/net').filter((name) => name !== 'lo' && !name.startsWith('peer'));
  ip([
    ...old.map((name) => `link del ${name}`),
    'route flush table main',
    '-6 route flush table main',
    'link set lo up',
    'addr flush dev lo',
    '-6 addr flush dev lo',
    ...others.flatMap((d, i) => [
      `link add ${textOf(d['name']) ?? 'eth0'} index ${String(i + 2)} type veth peer name peer${String(i)} index ${String(i + 900)}`,
      `link set ${textOf(d['name']) ?? 'eth0'} addrgenmode none`,
      `link set peer${String(i)} addrgenmode none up`,
    ]),
    ...others.map((d) => `link set ${textOf(d['name']) ?? 'eth0'} up`),
    ...devices.flatMap((d) =>
      stringsOf(d['addrs']).map((a) => `addr add ${a} dev ${textOf(d['name']) ?? 'lo'}${a.includes(':') ? ' nodad' : ''}`),
    ),
    ...stringsOf(net['routes']).map((route) => `route add ${route}`),
  ]);
  for (const [key, value] of Object.entries(objectOf(net['sysctls']))) {
    const device = /^net\.ipv6\.conf\.([^.]+)\.disable_ipv6$/u.exec(key)?.[1];
    if (device !== undefined && typeof value === 'string') setDisabled(device, value);
  }
}
