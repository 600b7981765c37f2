import { evidenceTable } from './_support/evidence-table.ts';

const prohibited =
  "WARN[0001] Failed to set up SSH tunneling for host [192.0.2.4]: Can't retrieve Docker Info: error during connect: Get http://%2Fvar%2Frun%2Fdocker.sock/v1.24/info: ssh: rejected: administratively prohibited (open failed)\n";
const refused = 'ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain\n';

evidenceTable({
  'ssh-user-not-in-docker-group': {
    finds: [
      'Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock\n',
      `${prohibited}\n==> facts <==\nuser_in_docker_group: false\n`,
    ],
    clears: [`${prohibited}\n==> facts <==\nssh_user: root\nos: CentOS 7\n`, `${prohibited}\n==> facts <==\nallow_tcp_forwarding: no\n`],
    cannotTell: [prohibited],
  },
  'ssh-root-on-rhel': {
    finds: [`${prohibited}\n==> facts <==\nssh_user: root\nos: CentOS 7.9\n`],
    clears: [`${prohibited}\n==> facts <==\nssh_user: rancher\nos: CentOS 7.9\n`],
    cannotTell: [`${prohibited}\n==> facts <==\nssh_user: root\n`],
  },
  'sshd-forwarding-disabled': {
    finds: [
      `${prohibited}\n$ sshd -T\nallowtcpforwarding no\n`,
      'sshd[81]: refused local port forward: originator 127.0.0.1 port 0, target localhost port 6443\n',
    ],
    clears: [`${prohibited}\n$ sshd -T\nallowtcpforwarding yes\n`],
    cannotTell: [prohibited],
  },
  'sshd-too-old': {
    finds: [`${prohibited}\nSSH-2.0-OpenSSH_6.6.1\n`],
    clears: [`${prohibited}\nSSH-2.0-OpenSSH_8.0\n`],
    cannotTell: [],
  },
  'ssh-key-or-user-wrong': {
    finds: ['sshd[77]: Authentication refused: bad ownership or modes for directory /home/rancher\n'],
    clears: ['sshd[77]: Accepted publickey for rancher from 192.0.2.9 port 50122 ssh2\n'],
    cannotTell: [refused],
  },
  'ssh-rsa-sha1-rejected': {
    finds: [
      'sshd[9]: userauth_pubkey: signature algorithm ssh-rsa not in PubkeyAcceptedAlgorithms [preauth]\n',
      `${refused}SSH-2.0-OpenSSH_9.6\n\n==> facts <==\nkey_type: rsa\n`,
    ],
    clears: [`${refused}SSH-2.0-OpenSSH_7.4\n`],
    cannotTell: [refused],
  },
  'ssh-key-file-unusable': {
    finds: [
      'FATA[0000] Error configuring SSH: ssh: this private key is passphrase protected\n',
      'Error while reading SSH key file: open /home/me/.ssh/id_rsa: no such file or directory\n',
      '==> facts <==\nssh_key_path_exists: false\n',
    ],
    clears: [refused],
    cannotTell: ['ssh: handshake failed: ssh: unable to authenticate, attempted methods [none], no supported methods remain\n'],
  },
  'sshd-connection-limits': {
    finds: ['sshd[5]: drop connection #10 from [192.0.2.9]:50022 on [192.0.2.4]:22 past MaxStartups\n'],
    clears: [refused],
    cannotTell: ['ssh: handshake failed: read tcp 192.0.2.9:4->192.0.2.4:22: read: connection reset by peer\n'],
  },
  'ssh-unreachable': {
    finds: [
      'Failed to set up SSH tunneling for host [192.0.2.4]: Failed to dial ssh using address [192.0.2.4:22]: dial tcp 192.0.2.4:22: connect: connection refused\n',
    ],
    clears: [refused],
    cannotTell: ['dial tcp 192.0.2.4:22: i/o timeout\n'],
  },
});
