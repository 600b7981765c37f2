/** Source: rancher/rke hosts/tunnel.go, docker/docker.go. */
import { ask, evidenceCause, on, stated, t } from '../_checks/index.ts';

export const dockerVersionUnsupported = evidenceCause({
  id: 'docker-version-unsupported',
  area: 'container-runtime',
  severity: 'critical',
  layer: 3,
  title: t("This Docker version is not in RKE's list", '该 Docker 版本不在 RKE 的支持列表中'),
  mechanism: t(
    "Each Kubernetes minor has a list of Docker versions in RKE's metadata. Another version stops the run before anything is built. Podman's stand-in and the snap count as wrong.",
    'RKE 元数据为每个 Kubernetes 次版本列出支持的 Docker 版本。其他版本会使流程在部署之前停止。podman 的替代命令和 snap 版也不被接受。',
  ),
  summary: t('RKE refuses the Docker version of the node.', 'RKE 拒绝节点上的 Docker 版本。'),
  sources: ['rancher/rke hosts/tunnel.go', 'rancher/rke docker/docker.go'],
  lookAlikes: ['docker-not-running-or-socket-elsewhere'],
  signatures: [
    {
      id: 'docker-version-unsupported/rke',
      grade: 'direct',
      terminal: true,
      anchors: ['Unsupported Docker version', 'supported Docker version'],
      pattern:
        /Unsupported Docker version found \[(?<version>[^\]]*)\]|Error while determining supported Docker version|is not supported Docker version/,
      matches: ['Unsupported Docker version found [27.1.0] on host [192.0.2.4], supported versions are [20.10.x 23.0.x]'],
      rejects: ['Supported Docker version found'],
    },
  ],
  confirm: [
    {
      when: stated({ whole: /docker version[^.;]*(?:unsupported|not supported|too new|too old|not in the list)|unsupported docker/i }),
      grade: 'strong',
      says: t('It is stated that the Docker version is not supported.', '陈述中提到不支持该 Docker 版本。'),
    },
  ],
  refute: [
    { when: on('docker.version-supported'), says: t('The version is in the list that RKE printed.', '该版本在 RKE 打印的列表中。') },
  ],
  asks: [
    ask(
      'Which Docker version does the server have, and which does RKE list?',
      'Docker 服务端是什么版本？RKE 列出了哪些版本？',
      "docker version -f '{{.Server.Version}}'; rke config --list-version --all",
    ),
  ],
  remedies: [
    {
      id: 'listed-version',
      title: t('Install a Docker version of the list', '安装列表中的 Docker 版本'),
      risk: t('Docker and its containers restart.', 'Docker 及其容器会重启。'),
      safety: 'needs-a-person',
      command: 'curl -sSL https://releases.rancher.com/install-docker/VERSION.sh | sh',
      undo: 'reinstall the version from before with the package manager',
      verify: ["docker version -f '{{.Server.Version}}'", 'rke up'],
    },
    {
      id: 'ignore-docker-version',
      title: t('Set ignore_docker_version: true', '设置 ignore_docker_version: true'),
      risk: t('The combination is untested.', '该组合未经测试。'),
      safety: 'needs-a-person',
      command: "echo 'ignore_docker_version: true' >> cluster.yml",
      undo: "sed -i '/^ignore_docker_version: true$/d' cluster.yml",
      verify: ['rke up'],
    },
  ],
});
