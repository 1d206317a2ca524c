/** One thing to do: what, and the command for it where there is one. */
export interface TrustStep {
  readonly text: string
  readonly command?: string
}

/** How one system or program comes to trust the test CA, and to forget it. */
export interface TrustInstruction {
  readonly system: string
  readonly steps: readonly TrustStep[]
  readonly undo: TrustStep
}

/** The name the test CA is saved under; the commands use it. */
export const testAuthorityFile = 'framescope-test-ca.pem'

/** What docs/trusting-the-test-ca.md says, for the screen. */
export const trustInstructions: readonly TrustInstruction[] = [
  {
    system: 'Windows',
    steps: [
      {
        text: 'For the current user; Windows asks for confirmation.',
        command: 'certutil -user -addstore Root framescope-test-ca.pem',
      },
      {
        text:
          'Or without a terminal: run certmgr.msc, open “Trusted Root Certification Authorities”, ' +
          'choose “All Tasks”, then “Import”, and show all files to find the .pem file.',
      },
    ],
    undo: {
      text: 'The id stands in the name of the CA.',
      command: 'certutil -user -delstore Root "Framescope test CA <id>"',
    },
  },
  {
    system: 'macOS',
    steps: [
      {
        text: 'For the current user; macOS asks for the password.',
        command:
          'security add-trusted-cert -r trustRoot -p ssl -k ~/Library/Keychains/login.keychain-db framescope-test-ca.pem',
      },
    ],
    undo: {
      text: 'The certificate itself can then be deleted in Keychain Access.',
      command: 'security remove-trusted-cert framescope-test-ca.pem',
    },
  },
  {
    system: 'Debian, Ubuntu',
    steps: [
      {
        text: 'The file must end in .crt.',
        command:
          'sudo cp framescope-test-ca.pem /usr/local/share/ca-certificates/framescope-test-ca.crt',
      },
      { text: 'Read it into the store.', command: 'sudo update-ca-certificates' },
    ],
    undo: {
      text: 'Delete the file and read the store anew.',
      command:
        'sudo rm /usr/local/share/ca-certificates/framescope-test-ca.crt && sudo update-ca-certificates --fresh',
    },
  },
  {
    system: 'Fedora, RHEL',
    steps: [
      {
        text: 'Add it to the store of the system.',
        command: 'sudo trust anchor --store framescope-test-ca.pem',
      },
    ],
    undo: {
      text: 'Remove it from the store.',
      command: 'sudo trust anchor --remove framescope-test-ca.pem',
    },
  },
  {
    system: 'Chromium, Chrome on Linux',
    steps: [
      {
        text: 'certutil is in the package libnss3-tools (Debian, Ubuntu) or nss-tools (Fedora).',
        command:
          'certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n "Framescope test CA" -i framescope-test-ca.pem',
      },
      {
        text:
          'Where ~/.pki/nssdb does not exist, Chromium from 146 on has its store in ' +
          '~/.local/share/pki/nssdb; put that into the command then. Restart the browser.',
      },
    ],
    undo: {
      text: 'Delete it by the name given above.',
      command: 'certutil -d sql:$HOME/.pki/nssdb -D -n "Framescope test CA"',
    },
  },
  {
    system: 'Firefox',
    steps: [
      {
        text:
          'Open Settings, then “Privacy & Security”, “Certificates”, “View Certificates…”, ' +
          '“Authorities”, “Import…”, and choose the file.',
      },
      { text: 'Check “Trust this CA to identify websites”.' },
    ],
    undo: { text: 'In the same list, choose the CA and “Delete or Distrust…”.' },
  },
  {
    system: 'Node.js',
    steps: [
      {
        text: 'For one process, read when it starts; nothing of the system is changed.',
        command: 'NODE_EXTRA_CA_CERTS=framescope-test-ca.pem node client.js',
      },
    ],
    undo: { text: 'Start it without the variable.' },
  },
  {
    system: 'curl',
    steps: [
      {
        text: 'For one request; use the port of the server.',
        command: 'curl --cacert framescope-test-ca.pem https://localhost:8765/',
      },
    ],
    undo: { text: 'Leave the option out.' },
  },
]
