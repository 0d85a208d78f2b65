"""InfluxDB: closed slots, alerts and the health of workers as points, for dashboards. Versions 1 and 2."""
