{{/* Without a name for its user PostgreSQL's programs refuse to work. */}}
{{- define "centre.passwd" -}}
passwd: |
  root:x:0:0:root:/root:/sbin/nologin
  postgres:x:65532:65532:PostgreSQL:/tmp:/sbin/nologin
{{- end }}

{{- define "centre.postgresFiles" -}}
{{ include "centre.passwd" . }}
postgres-start.sh: |
  {{- .root.Files.Get "files/postgres-start.sh" | trimSuffix "\n" | nindent 2 }}
postgresql.conf: |
  listen_addresses = '*'
  unix_socket_directories = '/run/postgresql'
  max_connections = {{ .p.postgres.maxConnections }}
  {{- range $key, $value := .p.postgres.parameters }}
  {{ $key }} = '{{ $value | replace "'" "''" }}'
  {{- end }}
pg_hba.conf: |
  # The socket is inside the pod.
  local all all trust
  host all all all scram-sha-256
{{- end }}

{{- define "centre.backupFiles" -}}
{{ include "centre.passwd" . }}
backup.sh: |
  {{- .root.Files.Get "files/backup.sh" | trimSuffix "\n" | nindent 2 }}
restore.sh: |
  {{- .root.Files.Get "files/restore.sh" | trimSuffix "\n" | nindent 2 }}
drill.sh: |
  {{- .root.Files.Get "files/drill.sh" | trimSuffix "\n" | nindent 2 }}
{{- with .p.postgres.ca }}
database-ca.pem: |
  {{- . | trim | nindent 2 }}
{{- end }}
{{- end }}

{{/* Call with (dict … "files" the name of the ConfigMap). */}}
{{- define "centre.postgresVolumes" -}}
- name: passwd
  configMap:
    name: {{ .files }}
    items:
      - {key: passwd, path: passwd}
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
{{- end }}
