import { say } from '../../shared/text.ts';
import type { Client } from '../types.ts';
import { addressesOf, answer, dialInTurn, errnoOf, lookup, nothingDialled, startRun, strerror } from './_run.ts';
import { libcName } from './_libc.ts';

/**
 * RKE dials the health URLs through SSH (rancher/rke hosts/dialer.go, services/healthcheck.go): the node's sshd looks the name up
 * (openssh channels.c connect_to_helper: getaddrinfo for any family) and tries every address; x/crypto/ssh shows its error.
 */
export const client: Client = {
  id: 'rke-healthcheck',
  title: { en: 'RKE’s health check (through the node’s sshd)', zh: 'RKE 健康检查（经由节点的 sshd）' },
  role: 'component',
  behaviour: say({
    en: 'is dialled by the node’s sshd: it asks the node’s C library for any family and tries all addresses in turn',
    zh: '由节点的 sshd 代为连接：通过节点的 C 库查询任意地址族，依次尝试所有地址',
  }),
  presentIn: (world, view) => {
    if (view.kind !== 'host') return false;
    const products = world.node.products.map((p) => p.name);
    if (products.includes('rke')) return true;
    return products.length === 0 ? undefined : false;
  },
  answer: (world, view, name, port, options) => {
    const run = startRun('rke-healthcheck', undefined, world, view, name, port, options);
    const resolution = lookup(run, { call: 'getaddrinfo', family: 'unspec', flags: [], socktype: 'stream' });
    const rejected = (text: string): string[] => [`ssh: rejected: connect failed (${text})`];
    if (resolution.outcome.kind !== 'addresses') {
      const prints = resolution.outcome.kind === 'error' ? rejected(resolution.outcome.error.text) : [];
      return answer(run, resolution, nothingDialled, { prints }, libcName(view));
    }
    const dialled = dialInTurn(run, addressesOf(resolution));
    const errno = errnoOf(dialled.reported);
    return answer(run, resolution, dialled, { prints: errno === undefined ? [] : rejected(strerror(run, errno)) }, libcName(view));
  },
};
