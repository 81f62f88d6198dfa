#!/bin/sh
# Prints a policy: images of the registry have to bear a signature by the key in the file that is given.
cat <<END
apiVersion: policy.sigstore.dev/v1beta1
kind: ClusterImagePolicy
metadata:
  name: signed-letters
spec:
  images:
    - glob: "registry:5000/**"
  authorities:
    - name: post-office
      key:
        data: |
$(sed 's/^/          /' $1)
END
