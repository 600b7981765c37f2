import { defineScenario } from '../../scenario.ts';
import { GATEWAY_ADDRESS } from '../../lab.ts';

export const scenario = defineScenario({
  id: 'healthy-four-nameservers',
  title: { en: 'four servers in resolv.conf, the first knows the name', zh: 'resolv.conf 有四个服务器，第一个就认识这个名字' },
  story: {
    en: 'The fourth is ignored, which hurts nobody here.',
    zh: '第四个被忽略，但这里没有影响。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: ['registry.example.com'],
  async build(lab) {
    await lab.node.write(
      '/etc/resolv.conf',
      `nameserver ${GATEWAY_ADDRESS}\nnameserver ${GATEWAY_ADDRESS}\nnameserver ${GATEWAY_ADDRESS}\nnameserver 10.240.0.2\n`,
    );
  },
  show: [{ command: 'getent ahosts registry.example.com', expect: { exitStatus: 0 } }],
});
