{{- define "orchestra.labels" -}}
app.kubernetes.io/part-of: devops-orchestra
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/name: {{ .name }}
{{- end }}

{{- define "orchestra.image" -}}
{{ .root.Values.image.registry }}/{{ .name }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{/* What every process of the platform is given. */}}
{{- define "orchestra.env" -}}
- { name: KAFKA_BROKERS, value: {{ required "kafkaBrokers is missing: host:port of your Kafka" .Values.kafkaBrokers | quote }} }
- { name: SCHEMA_REGISTRY_URL, value: {{ required "schemaRegistryUrl is missing" .Values.schemaRegistryUrl | quote }} }
- { name: ARTIFACTS_DIR, value: /var/lib/orchestra/artifacts }
- { name: LOGS_DIR, value: /var/lib/orchestra/logs }
{{- range $key, $value := .Values.env }}
- { name: {{ $key }}, value: {{ $value | quote }} }
{{- end }}
{{- end }}

{{- define "orchestra.secrets" -}}
- secretRef: { name: {{ required "secrets.platform is missing: a secret with REDIS_URL and API_TOKENS" .root.Values.secrets.platform }} }
{{- with index .root.Values.secrets .name }}
- secretRef: { name: {{ . }} }
{{- end }}
{{- end }}

{{/*
Where code of others runs, bubblewrap makes namespaces and mounts of its own. In a user namespace of the pod it may:
no capability reaches the node, and /proc has to be unmasked, or a new one could not be mounted.
*/}}
{{- define "orchestra.sandboxes" -}}
{{- has .name (list "build" "code-analysis" "test" "iac" "target") -}}
{{- end }}

{{- define "orchestra.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
{{- if eq (include "orchestra.sandboxes" .) "true" }}
seccompProfile: { type: Unconfined }
appArmorProfile: { type: Unconfined }
{{- else }}
seccompProfile: { type: RuntimeDefault }
{{- end }}
{{- end }}

{{- define "orchestra.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- if eq (include "orchestra.sandboxes" .) "true" }}
procMount: Unmasked
{{- end }}
{{- end }}
