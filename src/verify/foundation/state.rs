//! The bucket of Terraform's state.

use aws_sdk_s3::types::BucketVersioningStatus;

use super::super::check::Check;
use super::super::probe::Seen;
use super::{check, strange};
use crate::aws::operations::storage::GET_BUCKET_VERSIONING;
use crate::aws::{Kind, Trouble};
use crate::deployment::model::State;
use crate::steps::word;

pub fn versioned(state: &State) -> Check {
    let (bucket, region) = (state.bucket.clone(), state.region.clone());
    check(
        "foundation-state",
        "foundation-state",
        "The bucket of Terraform's state exists and keeps versions",
    )
    .expects(format!(
        "the bucket {bucket} is in {region}, and its versioning is Enabled"
    ))
    .calls(&[&GET_BUCKET_VERSIONING])
    .looks(move |probe| {
        let (bucket, region) = (bucket.clone(), region.clone());
        async move {
            let answer = probe
                .call(&GET_BUCKET_VERSIONING, |account| {
                    account.s3(&region).get_bucket_versioning().bucket(&bucket).send()
                })
                .await;
            match answer {
                Ok(answer) => Ok(keeps_versions(&bucket, &region, answer.status())),
                Err(trouble) => unreadable(&bucket, &region, trouble),
            }
        }
    })
}

fn keeps_versions(bucket: &str, region: &str, status: Option<&BucketVersioningStatus>) -> Seen {
    let enable = format!(
        "`aws s3api put-bucket-versioning --bucket {} --region {} --versioning-configuration Status=Enabled`",
        word(bucket),
        word(region)
    );
    match status {
        Some(BucketVersioningStatus::Enabled) => Seen::pass(format!("the versioning of {bucket} is Enabled")),
        Some(BucketVersioningStatus::Suspended) => {
            Seen::fail(format!("the versioning of {bucket} is Suspended")).next(enable)
        }
        // S3 leaves the status out where versioning was never enabled.
        None => Seen::fail(format!("{bucket} exists, and its versioning was never enabled")).next(enable),
        Some(other) => strange(format!("the versioning of {bucket} is {}", other.as_str())),
    }
}

/// S3 says in which way a bucket is not there: not at all, elsewhere, or not for this caller.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>
fn unreadable(bucket: &str, region: &str, trouble: Trouble) -> Result<Seen, Trouble> {
    if trouble.is("NoSuchBucket") {
        return Ok(Seen::fail(format!("there is no bucket {bucket}"))
            .next("create it: the command is in the step `foundation-state` of MANUAL_STEPS.md"));
    }
    let elsewhere = [
        "PermanentRedirect",
        "AuthorizationHeaderMalformed",
        "IllegalLocationConstraintException",
    ];
    if elsewhere.iter().any(|code| trouble.is(code)) {
        return Ok(
            Seen::fail(format!("{bucket} is not in {region}: {}", trouble.message)).next(format!(
                "`aws s3api get-bucket-location --bucket {}`, then put that region into the block `state` of the \
                 deployment file and render again",
                word(bucket)
            )),
        );
    }
    if trouble.kind == Kind::Denied {
        return Ok(Seen::unknown(format!(
            "{bucket} exists, and this caller may not look at it: {}",
            trouble.message
        ))
        .next(
            "give the caller `s3:GetBucketVersioning`, and where the bucket is another account's, the same in the \
             bucket's policy; a bucket of a stranger by this name has the same answer",
        ));
    }
    Err(trouble)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::status::Status;

    fn refused(kind: Kind, code: &str) -> Result<Seen, Trouble> {
        let trouble = Trouble {
            operation: "s3:GetBucketVersioning",
            kind,
            code: Some(code.to_owned()),
            message: "message".to_owned(),
        };
        unreadable("acme", "us-east-1", trouble)
    }

    #[test]
    fn the_ways_in_which_a_bucket_is_not_there_are_told_apart() {
        let status = |kind, code| refused(kind, code).map(|seen| seen.status).ok();
        assert_eq!(status(Kind::Refused, "NoSuchBucket"), Some(Status::Fail));
        assert_eq!(status(Kind::Refused, "PermanentRedirect"), Some(Status::Fail));
        assert_eq!(
            status(Kind::Refused, "AuthorizationHeaderMalformed"),
            Some(Status::Fail)
        );
        assert_eq!(status(Kind::Denied, "AccessDenied"), Some(Status::Unknown));
        assert_eq!(status(Kind::Throttled, "SlowDown"), None);
    }

    #[test]
    fn only_enabled_passes() {
        let status = |status: Option<&BucketVersioningStatus>| keeps_versions("acme", "us-east-1", status).status;
        assert_eq!(status(Some(&BucketVersioningStatus::Enabled)), Status::Pass);
        assert_eq!(status(Some(&BucketVersioningStatus::Suspended)), Status::Fail);
        assert_eq!(status(None), Status::Fail);
        assert_eq!(status(Some(&BucketVersioningStatus::from("New"))), Status::Unknown);
    }
}
