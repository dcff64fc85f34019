{{/* Names and labels. */}}
{{- define "igarape.name" -}}
{{- printf "%s-%s" .root.Release.Name .part | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{- define "igarape.selector" -}}
app.kubernetes.io/name: igarape
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- define "igarape.labels" -}}
{{ include "igarape.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{/* Of every pod and container: an ordinary user, who may write to mounted folders only. */}}
{{- define "igarape.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .user }}
runAsGroup: {{ .user }}
fsGroup: {{ .user }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "igarape.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: ["ALL"]
{{- end }}

{{- define "igarape.targetSecret" -}}
{{- .Values.target.existingSecret | default (include "igarape.name" (dict "root" . "part" "target")) -}}
{{- end }}

{{- define "igarape.tokensSecret" -}}
{{- .Values.api.tokens.existingSecret | default (include "igarape.name" (dict "root" . "part" "tokens")) -}}
{{- end }}

{{/* What the API needs of the target; its own value comes first. */}}
{{- define "igarape.bootstrapServers" -}}
{{- if or .Values.api.bootstrapServers .Values.target.existingSecret -}}
{{- required "api.bootstrapServers: name Kafka's brokers, since target.existingSecret is not read while the chart is rendered." .Values.api.bootstrapServers -}}
{{- else -}}
{{- get .Values.target.value.kafka "bootstrap.servers" -}}
{{- end -}}
{{- end }}

{{- define "igarape.registryUrl" -}}
{{- if or .Values.api.registryUrl .Values.target.existingSecret -}}
{{- required "api.registryUrl: name the registry, since target.existingSecret is not read while the chart is rendered." .Values.api.registryUrl -}}
{{- else -}}
{{- get .Values.target.value.registry "schema.registry.url" -}}
{{- end -}}
{{- end }}
