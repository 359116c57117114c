"""What is amiss with a data set: found, kept with it, and acted on."""

from core.datasets.checks.findings import Finding, Report, flagged, read_findings, read_report

__all__ = ["Finding", "Report", "flagged", "read_findings", "read_report"]
