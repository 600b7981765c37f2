/** A real etcd, unpacked inside the lab host. */
import { installInside } from '../debian-package.ts';
import type { Lab } from '../lab.ts';

export const ETCD_DATA = '/var/lib/etcd';
/** Runs etcd with these arguments until it ends or `seconds` are over; its output goes to /var/log/etcd.log. `prefix` goes before the command. */
export const runEtcd = async (
  lab: Lab,
  args: readonly string[],
  options: { readonly seconds?: number; readonly prefix?: readonly string[] } = {},
): Promise<void> => {
  await installInside(lab.node, 'etcd-server');
  const script = 'seconds=$1; shift; timeout "$seconds" "$@" >> /var/log/etcd.log 2>&1 || :';
  await lab.node.sh(script, String(options.seconds ?? 3), ...(options.prefix ?? []), 'etcd', '--data-dir', ETCD_DATA, ...args);
};

/** Starts etcd and leaves it running; ready when its client port is open. */
export const startEtcd = async (lab: Lab, args: readonly string[] = [], ready = "grep -q ':094B ' /proc/net/tcp"): Promise<void> => {
  await installInside(lab.node, 'etcd-server');
  await lab.node.start('etcd', ['sh', '-c', 'exec "$@" >> /var/log/etcd.log 2>&1', 'sh', 'etcd', '--data-dir', ETCD_DATA, ...args], {
    ready,
  });
};
