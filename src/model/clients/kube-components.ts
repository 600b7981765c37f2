import { say } from '../../shared/text.ts';
import type { Text } from '../../shared/text.ts';
import type { Client } from '../types.ts';
import { askGo, runsIn } from './_go.ts';
import { hasLibc } from './_libc.ts';

const texts = {
  pure: {
    en: 'a static Go program: reads hosts and resolv.conf itself, never asks the C library or a name cache',
    zh: '静态 Go 程序：自行读取 hosts 和 resolv.conf，从不通过 C 库或名称缓存查询',
  },
  cgo: {
    en: 'a Go program that is often built with cgo: it may ask the C library where nsswitch.conf holds anything unusual',
    zh: '常以 cgo 构建的 Go 程序：nsswitch.conf 中有特殊内容时可能通过 C 库查询',
  },
} satisfies Record<string, Text>;

/** Typical builds: release binaries of Kubernetes, etcd and CoreDNS are static; kubelet and distributions' containerd are linked with the C library. */
const PROGRAMS: readonly (readonly [id: string, title: Text, build: keyof typeof texts, program?: string])[] = [
  ['kubelet', { en: 'kubelet', zh: 'kubelet' }, 'cgo'],
  ['kubectl', { en: 'kubectl', zh: 'kubectl' }, 'pure'],
  ['kube-proxy', { en: 'kube-proxy', zh: 'kube-proxy' }, 'pure'],
  ['kube-controller-manager', { en: 'kube-controller-manager', zh: 'kube-controller-manager' }, 'pure'],
  ['kube-scheduler', { en: 'kube-scheduler', zh: 'kube-scheduler' }, 'pure'],
  ['etcd', { en: 'etcd', zh: 'etcd' }, 'pure'],
  ['coredns', { en: 'CoreDNS (its own look-ups)', zh: 'CoreDNS（自身的解析）' }, 'pure'],
  ['k3s', { en: 'k3s', zh: 'k3s' }, 'pure'],
  ['rke2', { en: 'rke2', zh: 'rke2' }, 'pure'],
  ['rke', { en: 'rke', zh: 'rke' }, 'pure'],
  ['containerd', { en: 'containerd (pulling images)', zh: 'containerd（拉取镜像）' }, 'cgo'],
  ['dockerd', { en: 'dockerd (pulling images)', zh: 'dockerd（拉取镜像）' }, 'cgo'],
];

export const clients: readonly Client[] = PROGRAMS.map(([id, title, build, program = id]) => ({
  id,
  title,
  program,
  role: 'component',
  behaviour: say(texts[build]),
  presentIn: (_world, view) => runsIn(view, program),
  answer: (world, view, name, port, options) =>
    askGo(id, program, { cgo: build === 'cgo' && hasLibc(view) === true }, world, view, name, port, options),
}));
