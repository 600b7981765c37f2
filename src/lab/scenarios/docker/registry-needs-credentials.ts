import { defineScenario } from '../../scenario.ts';
import { CERTIFICATES, listenTls, makeAuthority, makeCertificate } from '../../stages/certificates.ts';

export const scenario = defineScenario({
  id: 'registry-needs-credentials',
  title: { en: 'the registry wants credentials', zh: '镜像仓库需要凭据' },
  story: {
    en: 'Nobody logged in to this private registry from this node.',
    zh: '本节点没有登录过这个私有仓库。',
  },
  kind: 'failing',
  expects: { cause: 'registry-auth-or-limit', certainty: 'possible', exitStatus: 1 },
  needs: ['docker', 'openssl'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await lab.addAddress('10.240.0.11');
    await makeAuthority(lab.node, 'ca');
    await makeCertificate(lab.node, { authority: 'ca', name: 'registry', alternativeNames: 'DNS:registry.example.com' });
    await lab.node.sh(
      `mkdir -p /etc/docker/certs.d/registry.example.com:5000; cp ${CERTIFICATES}/ca.crt /etc/docker/certs.d/registry.example.com:5000/ca.crt`,
    );
    await listenTls(lab.network, lab.node, {
      title: 'registry',
      port: 5000,
      address: '10.240.0.11',
      certificate: 'registry',
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="registry"' },
    });
    await lab.docker();
  },
  show: [
    {
      command: 'docker pull registry.example.com:5000/private/app:1',
      expect: { exitStatus: 1, says: [/no basic auth credentials|unauthorized/] },
    },
  ],
});
