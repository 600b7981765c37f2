import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'firewall-reload-flushed-docker-chains',
  title: { en: "a firewall reload took Docker's chains away", zh: '防火墙重载清掉了 Docker 的链' },
  story: {
    en: 'The nat table was flushed after the engine had started; no container can publish a port any more.',
    zh: '引擎启动之后 nat 表被清空；容器再也无法发布端口。',
  },
  kind: 'failing',
  expects: { cause: 'firewall-reload-flushed-docker-chains', certainty: 'likely', exitStatus: 1 },
  needs: ['docker', 'iptables'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await lab.docker({ bridge: true, tables: true });
    await (await lab.docker()).image();
    await lab.node.sh('iptables -t nat -F; iptables -t nat -X');
  },
  show: [
    {
      command: 'docker run --rm -p 8080:80 culprit-lab:1 sleep 1',
      expect: { exitStatus: 125, says: [/No chain|programming external connectivity/] },
    },
    { command: 'iptables-save -t nat', expect: { exitStatus: 0, never: [/^:DOCKER /m] } },
  ],
});
