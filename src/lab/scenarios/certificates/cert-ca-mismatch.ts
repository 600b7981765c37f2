import { defineScenario } from '../../scenario.ts';
import { CERTIFICATES, listenTls, makeAuthority, makeCertificate } from '../../stages/certificates.ts';

export const scenario = defineScenario({
  id: 'cert-ca-mismatch',
  title: { en: 'the server was signed by another CA', zh: '服务端证书由另一个 CA 签发' },
  story: {
    en: 'The cluster was made anew; the node still trusts the old CA.',
    zh: '集群已重建；节点仍信任旧的 CA。',
  },
  kind: 'failing',
  expects: { cause: 'cert-ca-mismatch', certainty: 'likely', exitStatus: 1 },
  needs: ['openssl'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await makeAuthority(lab.node, 'ca');
    await makeCertificate(lab.node, { authority: 'ca', name: 'server', alternativeNames: 'DNS:rancher.example.com' });
    await makeAuthority(lab.node, 'old-ca');
    await lab.node.sh(`mv ${CERTIFICATES}/old-ca.crt ${CERTIFICATES}/ca.crt`);
    await lab.addAddress('10.240.0.10');
    await listenTls(lab.network, lab.node, { title: 'rancher', port: 443, address: '10.240.0.10', certificate: 'server' });
  },
  show: [
    {
      command: 'openssl x509 -noout -subject -issuer -in /var/lib/culprit-lab/certificates/ca.crt',
      expect: { exitStatus: 0, says: [/old-ca/] },
    },
    {
      command: 'curl -sS --cacert /var/lib/culprit-lab/certificates/ca.crt https://rancher.example.com/',
      expect: { exitStatus: 60, says: [/self-signed|unable to get local issuer|signature failure|certificate problem/] },
    },
    { command: 'date -u' },
    {
      command:
        'openssl s_client -connect rancher.example.com:443 -servername rancher.example.com </dev/null 2>/dev/null | openssl x509 -noout -subject -issuer -dates -ext subjectAltName',
      expect: { exitStatus: 0 },
    },
  ],
});
