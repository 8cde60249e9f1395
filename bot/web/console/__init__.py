"""The adviser's bench under /console/: pages for staff, made on the server, without any script."""
