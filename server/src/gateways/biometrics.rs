//! Biometric confirmation, until a provider is connected.

use async_trait::async_trait;
use cabinet::ids::BorrowerId;
use cabinet::ports::{Biometrics, PortError};

/// Confirms everybody: the sandbox has no faces.
#[derive(Debug, Clone, Copy)]
pub struct SandboxBiometrics;

#[async_trait]
impl Biometrics for SandboxBiometrics {
    async fn confirmed(&self, _: BorrowerId) -> Result<bool, PortError> {
        Ok(true)
    }
}

/// Confirms nobody: where the law or the lender asks for biometrics and nobody can give them, the
/// answer is a refusal and never a guess.
#[derive(Debug, Clone, Copy)]
pub struct NobodyConfirmed;

#[async_trait]
impl Biometrics for NobodyConfirmed {
    async fn confirmed(&self, _: BorrowerId) -> Result<bool, PortError> {
        Ok(false)
    }
}
