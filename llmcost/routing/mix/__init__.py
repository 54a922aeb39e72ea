"""What a share of strong calls, or a cascade, costs and keeps."""
