import { defineScenario } from '../../scenario.ts';
import { listenTls, makeAuthority, makeCertificate } from '../../stages/certificates.ts';

export const scenario = defineScenario({
  id: 'registry-unknown-authority',
  title: { en: "the engine does not know the registry's CA", zh: '引擎不认识镜像仓库的 CA' },
  story: {
    en: "The registry has a certificate of the company's CA, which was never put into /etc/docker/certs.d.",
    zh: '仓库使用公司 CA 签发的证书，而该 CA 从未放进 /etc/docker/certs.d。',
  },
  kind: 'failing',
  expects: { cause: 'registry-tls-or-http', alsoAccepted: ['cert-ca-mismatch'], certainty: 'likely', exitStatus: 1 },
  needs: ['docker', 'openssl'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await lab.addAddress('10.240.0.11');
    await makeAuthority(lab.node, 'ca');
    await makeCertificate(lab.node, { authority: 'ca', name: 'registry', alternativeNames: 'DNS:registry.example.com' });
    await listenTls(lab.network, lab.node, { title: 'registry', port: 5000, address: '10.240.0.11', certificate: 'registry' });
    await lab.docker();
  },
  show: [
    { command: 'docker pull registry.example.com:5000/pause:3.2', expect: { exitStatus: 1, says: [/signed by unknown authority/] } },
    { command: 'ls /etc/docker/certs.d' },
  ],
});
