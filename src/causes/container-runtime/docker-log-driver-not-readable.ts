/** Source: rancher/rke services/services.go, cluster/network.go. */
import { ask, evidenceCause, observed, t, textual, picked } from '../_checks/index.ts';

const readable = observed('docker.log-driver', textual(/^(?:json-file|local)$/));

export const dockerLogDriverNotReadable = evidenceCause({
  id: 'docker-log-driver-not-readable',
  area: 'container-runtime',
  severity: 'medium',
  layer: 3,
  title: t("Docker's log driver cannot be read back", 'Docker 的日志驱动不支持读取'),
  mechanism: t(
    'With journald, syslog and others the container has no log file. RKE links that file and reads the output of its checkers from it.',
    '使用 journald、syslog 等驱动时，容器没有日志文件。而 RKE 会链接该文件，并从中读取检查容器的输出。',
  ),
  summary: t('The logging driver of docker does not keep files that can be read.', 'docker 的日志驱动不保留可读取的文件。'),
  sources: ['rancher/rke services/services.go', 'rancher/rke cluster/network.go'],
  signatures: [
    {
      id: 'docker-log-driver-not-readable/docker',
      grade: 'direct',
      anchors: ['does not support reading', 'Failed to get network port check logs'],
      pattern: /configured logging driver does not support reading|Failed to get network port check logs/,
      matches: ['Error response from daemon: configured logging driver does not support reading'],
      rejects: ['logging driver: json-file'],
    },
  ],
  confirm: [
    {
      when: picked(observed('docker.log-driver', textual(/^(?:journald|syslog|none|gelf|fluentd|splunk|awslogs|gcplogs)$/))),
      grade: 'weak',
      says: t('The logging driver is not json-file or local.', '日志驱动不是 json-file 或 local。'),
    },
  ],
  refute: [{ when: readable, says: t('The logging driver keeps files.', '日志驱动会保留文件。') }],
  asks: [ask('Which logging driver does docker use?', 'docker 使用哪个日志驱动？', "docker info -f '{{.LoggingDriver}}'")],
  remedies: [
    {
      id: 'json-file',
      title: t('Use json-file with a size limit, and make the containers anew', '使用带大小限制的 json-file，并重建容器'),
      risk: t('docker restarts; logs no longer go to the former place.', 'docker 会重启；日志不再写入原来的位置。'),
      safety: 'disruptive',
      command:
        'cp /etc/docker/daemon.json /etc/docker/daemon.json.culprit; printf \'{"log-driver":"json-file","log-opts":{"max-size":"10m","max-file":"3"}}\' > /etc/docker/daemon.json && systemctl restart docker',
      undo: 'cp /etc/docker/daemon.json.culprit /etc/docker/daemon.json && systemctl restart docker',
      verify: ["docker info -f '{{.LoggingDriver}}'"],
    },
  ],
});
