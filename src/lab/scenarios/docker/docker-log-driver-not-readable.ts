import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'docker-log-driver-not-readable',
  title: { en: 'the logging driver cannot be read', zh: '日志驱动不可读' },
  story: {
    en: 'daemon.json sets the driver "none": docker logs shows nothing, and tools that read logs fail.',
    zh: 'daemon.json 把驱动设为 none：docker logs 什么都看不到，读日志的工具都会失败。',
  },
  kind: 'failing',
  expects: { cause: 'docker-log-driver-not-readable', certainty: 'likely', exitStatus: 1 },
  needs: ['docker'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await lab.docker({ settings: { 'log-driver': 'none' } });
    await lab.dockerContainer({ name: 'etcd' });
  },
  show: [
    { command: 'docker logs etcd', expect: { exitStatus: 1, says: [/does not support reading/] } },
    { command: "docker info --format '{{.LoggingDriver}}'", expect: { exitStatus: 0, says: [/none/] } },
  ],
});
