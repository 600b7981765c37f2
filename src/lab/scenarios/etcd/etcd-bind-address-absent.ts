import { defineScenario } from '../../scenario.ts';
import { runEtcd } from '../../stages/etcd.ts';

export const scenario = defineScenario({
  id: 'etcd-bind-address-absent',
  title: { en: 'etcd is told to listen on an address that the node does not have', zh: 'etcd 被要求监听节点上不存在的地址' },
  story: {
    en: 'internal_address in cluster.yml is the address of a NAT; no interface carries it.',
    zh: 'cluster.yml 里的 internal_address 是 NAT 地址；没有网卡带有它。',
  },
  kind: 'failing',
  expects: { cause: 'etcd-bind-address-absent', certainty: 'likely', exitStatus: 1 },
  needs: ['etcd'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await runEtcd(lab, [
      '--listen-peer-urls',
      'http://10.240.0.77:2380',
      '--initial-advertise-peer-urls',
      'http://10.240.0.77:2380',
      '--initial-cluster',
      'default=http://10.240.0.77:2380',
    ]);
  },
  show: [
    { command: 'cat /var/log/etcd.log', expect: { exitStatus: 0, says: [/cannot assign requested address/] } },
    { command: 'ip -br addr', expect: { exitStatus: 0, never: [/10\.240\.0\.77/] } },
  ],
});
