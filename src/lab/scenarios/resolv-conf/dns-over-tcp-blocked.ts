import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'dns-over-tcp-blocked',
  title: { en: 'large DNS answers are lost: TCP 53 does not answer', zh: '大的 DNS 应答丢失：TCP 53 不通' },
  story: {
    en: 'Answers are too large for UDP, so the client has to ask again over TCP, and nobody listens there.',
    zh: '应答太大，UDP 装不下，客户端必须改用 TCP 再问，而 TCP 上没有人监听。',
  },
  kind: 'failing',
  expects: { cause: 'dns-port-half-open', certainty: 'likely', exitStatus: 1 },
  needs: [],
  target: ['registry.example.com'],
  async build(lab) {
    await lab.scriptedDns({
      title: 'udp-dns',
      address: '10.240.0.2',
      rules: [{ name: 'registry.example.com', answer: { addresses: ['10.240.0.11'] } }],
      otherwise: 'nxdomain',
      transports: ['udp'],
      truncated: true,
    });
    await lab.node.write('/etc/resolv.conf', 'nameserver 10.240.0.2\noptions timeout:1 attempts:1\n');
  },
  show: [
    { command: 'dig +ignore registry.example.com | grep flags', expect: { exitStatus: 0, says: [/\btc\b/] } },
    { command: 'dig +time=1 +tries=1 registry.example.com', expect: { exitStatus: 9 } },
    { command: 'getent ahosts registry.example.com', expect: { exitStatus: 2 } },
  ],
});
