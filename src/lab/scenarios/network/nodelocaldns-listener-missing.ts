import { defineScenario } from '../../scenario.ts';
import { startKubelet } from '../../stages/kubelet.ts';

export const scenario = defineScenario({
  id: 'nodelocaldns-listener-missing',
  title: { en: 'kubelet points pods at a link-local DNS server that is not there', zh: 'kubelet 让 Pod 使用不存在的链路本地 DNS' },
  story: {
    en: 'clusterDNS is 169.254.20.10, but the node-local cache does not run and the address is on no interface.',
    zh: 'clusterDNS 是 169.254.20.10，但节点本地缓存没有运行，该地址也不在任何网卡上。',
  },
  kind: 'failing',
  expects: { cause: 'nodelocaldns-listener-missing', alsoAccepted: ['resolv-no-usable-nameserver'], certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['node2', '--container', '{pid:pod}'],
  async build(lab) {
    await startKubelet(lab, { clusterDns: '169.254.20.10' });
    await lab.container({ name: 'pod', files: { '/etc/resolv.conf': 'nameserver 169.254.20.10\noptions ndots:5 timeout:1 attempts:1\n' } });
  },
  show: [
    { command: 'ip addr', expect: { exitStatus: 0, never: [/169\.254\.20\.10/] } },
    { in: 'pod', command: 'getent ahosts node2', expect: { exitStatus: 2 } },
  ],
});
