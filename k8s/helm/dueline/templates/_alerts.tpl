{{/* The values of an alert with its name, from (list . NAME), as YAML; empty if it is off. */}}
{{- define "dueline.alertValues" -}}
{{- $values := get (index . 0).Values.prometheusRule.alerts (index . 1) -}}
{{- if $values.enabled -}}
name: {{ index . 1 }}
for: {{ $values.for }}
severity: {{ $values.severity }}
{{- if hasKey $values "threshold" }}
threshold: {{ toJson $values.threshold | quote }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* The fields that all alerts have, from (list . ALERT); its own annotations follow. */}}
{{- define "dueline.alert" -}}
{{- $rule := (index . 0).Values.prometheusRule -}}
{{- $alert := index . 1 -}}
{{- if ne $alert.for "0s" -}}
for: {{ $alert.for }}
{{ end -}}
labels:
  severity: {{ $alert.severity }}
  {{- with $rule.alertLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
{{- with $rule.runbookUrl }}
  runbook_url: {{ printf "%s%s" . $alert.name | quote }}
{{- end }}
{{- end -}}
