{{- define "dueline.alertLabels" -}}
{{- $top := index . 0 -}}
severity: {{ index . 1 }}
{{- with $top.Values.prometheusRule.alertLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}
