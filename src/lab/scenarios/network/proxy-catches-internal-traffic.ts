import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'proxy-catches-internal-traffic',
  title: { en: 'a proxy variable catches traffic to the own network', zh: '代理变量截获了发往内网的流量' },
  story: {
    en: 'http_proxy is set without a no_proxy for node addresses; the proxy refuses internal targets.',
    zh: '设置了 http_proxy，却没有为节点地址设置 no_proxy；代理拒绝内部目标。',
  },
  kind: 'failing',
  expects: { cause: 'proxy-catches-internal-traffic', certainty: 'possible', exitStatus: 1 },
  needs: [],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await lab.addAddress('10.240.0.10');
    await lab.addAddress('10.240.0.60');
    await lab.listen({ title: 'rancher', port: 80, address: '10.240.0.10' }, lab.network);
    await lab.listen({ title: 'squid', port: 3128, address: '10.240.0.60', status: 403, reply: 'ERR_ACCESS_DENIED' }, lab.network);
    await lab.node.write('/etc/profile.d/proxy.sh', 'export http_proxy=http://10.240.0.60:3128\n');
  },
  show: [
    { command: '. /etc/profile.d/proxy.sh; env | grep -i proxy', expect: { exitStatus: 0, says: [/http_proxy/] } },
    {
      command: '. /etc/profile.d/proxy.sh; curl -sS -i http://rancher.example.com/ping',
      expect: { exitStatus: 0, says: [/403/, /ERR_ACCESS_DENIED/] },
    },
    { command: 'curl -sS --noproxy "*" http://rancher.example.com/ping', expect: { exitStatus: 0, says: [/ok/] } },
  ],
});
