/** A real sshd on the node, a user and keys, and what RKE asks of it: a forwarded Docker socket and a forwarded health port. */
import type { Lab } from '../lab.ts';

export const SSH_USER = 'rke';
const KEYS = '/etc/ssh/lab';

export interface SshdSettings {
  /** More lines of sshd_config, before everything else. */
  readonly config?: readonly string[];
  /** Groups of the user besides its own. */
  readonly groups?: readonly string[];
  /** Type of the user's key. Default ed25519. */
  readonly keyType?: 'ed25519' | 'rsa';
  /** Whether the key may log in. Default true. */
  readonly authorized?: boolean;
}

/** sshd on port 22 with its log in /var/log/auth.log; the client's settings are in /etc/ssh/lab/config, the key in /etc/ssh/lab/key. */
export const startSshd = async (lab: Lab, settings: SshdSettings = {}): Promise<void> => {
  const groups = settings.groups ?? [];
  const script = `
user=$1; type=$2; groups=$3; authorized=$4
mkdir -p ${KEYS} /run/sshd /home/$user/.ssh
grep -q '^docker:' /etc/group || echo 'docker:x:998:' >> /etc/group
grep -q '^sshd:' /etc/passwd || echo 'sshd:x:997:65534::/run/sshd:/usr/sbin/nologin' >> /etc/passwd
echo "$user:x:1999:1999::/home/$user:/bin/sh" >> /etc/passwd
echo "$user:x:1999:" >> /etc/group
echo "$user:*:19000:0:99999:7:::" >> /etc/shadow
for group in $groups; do sed -i "s/^\\($group:.*\\)$/\\1$user/" /etc/group; done
ssh-keygen -q -t ed25519 -N '' -f ${KEYS}/host
ssh-keygen -q -t "$type" -N '' -f ${KEYS}/key
[ "$authorized" = yes ] && cat ${KEYS}/key.pub > /home/$user/.ssh/authorized_keys || : > /home/$user/.ssh/authorized_keys
chown -R 1999:1999 /home/$user; chmod 700 /home/$user /home/$user/.ssh; chmod 600 /home/$user/.ssh/authorized_keys`;
  await lab.node.sh('mkdir -p /home; mount -t tmpfs tmpfs /home');
  await lab.node.sh(script, SSH_USER, settings.keyType ?? 'ed25519', groups.join(' '), settings.authorized === false ? 'no' : 'yes');
  await lab.node.write(
    `${KEYS}/sshd_config`,
    `${(settings.config ?? []).join('\n')}
Port 22
HostKey ${KEYS}/host
PidFile none
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
AuthorizedKeysFile .ssh/authorized_keys
LogLevel VERBOSE
`,
  );
  await lab.node.write(
    `${KEYS}/config`,
    `Host *
  User ${SSH_USER}
  IdentityFile ${KEYS}/key
  IdentitiesOnly yes
  BatchMode yes
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  ConnectTimeout 5
  LogLevel INFO
`,
  );
  await lab.node.start('sshd', ['/usr/sbin/sshd', '-D', '-f', `${KEYS}/sshd_config`, '-E', '/var/log/auth.log'], {
    ready: "cat /proc/net/tcp | grep -q ':0016 00000000:0000 0A'",
  });
};
