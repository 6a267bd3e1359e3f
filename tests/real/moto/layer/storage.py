"""Amazon S3: the root element of an answer, which botocore's model does not have and AWS's SDK for Rust insists on."""

from moto.s3.responses import S3Response


def of_aws(method):
    def versioning(self):
        status, headers, body = method(self)
        text = body.decode() if isinstance(body, bytes) else body
        return status, headers, text.replace("GetBucketVersioningResponse", "VersioningConfiguration")

    return versioning


S3Response.get_bucket_versioning = of_aws(S3Response.get_bucket_versioning)
