/** Sites whose certificates are right: whoever shows another one is not the site. Source: their operators' well-known names. */
export const PUBLIC_SITE =
  /(?:^|\.)(?:docker\.(?:io|com)|quay\.io|gcr\.io|ghcr\.io|k8s\.io|github\.com|githubusercontent\.com|google(?:apis)?\.com|letsencrypt\.org|npmjs\.org|pypi\.org|helm\.sh|amazonaws\.com|ubuntu\.com|debian\.org|alpinelinux\.org|rancher\.(?:io|com)|k3s\.io|rke2\.io)\.?$/iu;
