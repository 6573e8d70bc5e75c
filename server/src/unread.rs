//! The rest of a body that its answer did not wait for. Who is refused before all was read (no session, another site's
//! form, too large) is still sending: hanging up would have the browser say "connection reset" in place of the answer. So the rest
//! is taken and thrown away, within bounds.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, HttpBody as _};
use axum::extract::Request;
use futures::{Stream, StreamExt as _};

/// Bytes thrown away for one request, twice what the largest picture weighs; the connection of more is hung up.
const MOST: usize = 24 << 20;
/// And no longer than this.
const LONGEST: Duration = Duration::from_secs(10);

/// A layer's half: puts the body into a stream that is read to its end whoever lets go of it.
pub async fn taken(request: Request) -> Request {
    if request.body().is_end_stream() {
        return request;
    }
    let known = request.map(|body| Kept(Some(body.into_data_stream())));
    known.map(Body::from_stream)
}

/// A body until its end was seen.
struct Kept(Option<BodyDataStream>);

impl Stream for Kept {
    type Item = <BodyDataStream as Stream>::Item;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(body) = &mut self.0 else {
            return Poll::Ready(None);
        };
        let next = ready!(body.poll_next_unpin(task));
        // After an error nothing more comes.
        if !matches!(next, Some(Ok(_))) {
            self.0 = None;
        }
        Poll::Ready(next)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if let Some(body) = self.0.take()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(tokio::time::timeout(LONGEST, discarded(body)));
        }
    }
}

async fn discarded(mut body: BodyDataStream) {
    let mut left = MOST;
    while let Some(Ok(bytes)) = body.next().await {
        let Some(less) = left.checked_sub(bytes.len()) else {
            return;
        };
        left = less;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::body::Bytes;
    use futures::stream;

    use super::*;

    /// How many of the pieces, one mebibyte each, are taken after a handler that reads `read` of them.
    async fn taken_of(pieces: usize, read: usize) -> usize {
        let seen = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&seen);
        let body = stream::iter(0..pieces).map(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
            Ok::<_, std::io::Error>(Bytes::from(vec![0; 1 << 20]))
        });
        let request = taken(Request::new(Body::from_stream(body))).await;
        let mut body = request.into_body().into_data_stream();
        for _ in 0..read {
            body.next().await.unwrap().unwrap();
        }
        drop(body);
        tokio::task::yield_now().await;
        seen.load(Ordering::SeqCst)
    }

    #[tokio::test]
    async fn what_nobody_read_is_taken_to_its_end_within_bounds() {
        assert_eq!(taken_of(5, 0).await, 5);
        assert_eq!(taken_of(5, 2).await, 5);
        assert_eq!(taken_of(5, 5).await, 5);
        // The piece that is one too many, and none after it.
        assert_eq!(taken_of(100, 0).await, 25);
    }
}
