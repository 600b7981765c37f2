import { defineScenario } from '../../scenario.ts';
import { GATEWAY_ADDRESS } from '../../lab.ts';

export const scenario = defineScenario({
  id: 'healthy-two-nameservers-same-view',
  title: { en: 'two DNS servers with the same view', zh: '两个内容一致的 DNS 服务器' },
  story: {
    en: 'Both servers answer at once and alike.',
    zh: '两个服务器都立即给出相同的应答。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: ['registry.example.com'],
  otherTargets: [[]],
  async build(lab) {
    await lab.scriptedDns({
      title: 'second-dns',
      address: '10.240.0.2',
      rules: [{ name: 'registry.example.com', answer: { addresses: ['10.240.0.11'] } }],
      otherwise: 'nxdomain',
    });
    await lab.node.write('/etc/resolv.conf', `nameserver ${GATEWAY_ADDRESS}\nnameserver 10.240.0.2\n`);
  },
  show: [{ command: 'getent ahosts registry.example.com', expect: { exitStatus: 0, says: [/10\.240\.0\.11/] } }],
});
