"""Printed forms and books as data; reports.render turns them into HTML, PDF and XLSX."""
