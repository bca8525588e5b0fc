//! The terminal (stub).
#![allow(missing_docs)]
use crate::chat::*;
pub enum Links {
    Hyperlinks,
    Footnotes,
    Inline,
}
pub struct Look {
    pub color: bool,
    pub width: usize,
    pub links: Links,
}
pub struct Console;
impl Console {
    pub fn new(_: Box<dyn std::io::Write + Send>, _: Look) -> Self {
        Console
    }
}
#[async_trait]
impl Platform for Console {
    fn name(&self) -> PlatformName {
        PlatformName::Console
    }
    fn render(&self, _: &Message) -> Vec<Part> {
        vec![]
    }
    async fn send(&self, _: &Target, _: &Part, _: Option<&str>) -> Result<Receipt, SendError> {
        Ok(Receipt { message: 0 })
    }
    async fn publish_menu(&self, _: &[MenuItem]) -> Result<(), SendError> {
        Ok(())
    }
    async fn check(&self) -> Result<Vec<String>, Vec<String>> {
        Ok(vec![])
    }
    async fn listen(
        &self,
        _: &[MenuItem],
        _: mpsc::Sender<Event>,
        _: CancellationToken,
    ) -> Result<(), ListenError> {
        Ok(())
    }
}
pub fn text(_: &Message, _: &Look) -> String {
    String::new()
}
pub struct Prompt;
impl Prompt {
    pub fn new(_: &[MenuItem], _: Option<&std::path::Path>) -> Self {
        Prompt
    }
    pub fn next(&mut self) -> std::io::Result<Option<String>> {
        Ok(None)
    }
    pub fn offer(&mut self, _: Vec<String>) {}
}
