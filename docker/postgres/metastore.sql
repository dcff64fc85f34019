CREATE DATABASE metastore OWNER lake;
