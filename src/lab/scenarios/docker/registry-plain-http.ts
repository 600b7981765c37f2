import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'registry-plain-http',
  title: { en: 'the registry speaks plain HTTP, the engine wants HTTPS', zh: '镜像仓库是明文 HTTP，而引擎要求 HTTPS' },
  story: {
    en: 'The registry is not among insecure-registries.',
    zh: '该仓库不在 insecure-registries 之列。',
  },
  kind: 'failing',
  expects: { cause: 'registry-tls-or-http', certainty: 'likely', exitStatus: 1 },
  needs: ['docker'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await lab.addAddress('10.240.0.11');
    await lab.listen({ title: 'registry', port: 5000, address: '10.240.0.11' }, lab.network);
    await lab.docker();
  },
  show: [
    {
      command: 'docker pull registry.example.com:5000/pause:3.2',
      expect: { exitStatus: 1, says: [/server gave HTTP response to HTTPS client/] },
    },
    { command: 'cat /etc/docker/daemon.json' },
  ],
});
